// From a program to an executable: passes, buffers, kernels.
import type { TensorSpec } from '../array/dtype.ts';
import { BackendError } from '../errors/errors.ts';
import { resultSlots } from '../passes/eliminate.ts';
import { lower } from '../passes/lower.ts';
import { optimize } from '../passes/optimize.ts';
import { validate } from '../passes/validate.ts';
import { isView } from '../passes/views.ts';
import type { Attrs, Instr, Program, Slot } from '../program/program.ts';
import type { CompileOptions } from './contract.ts';
import type { Kernel, PartialKernelTable, Sequence, Step } from './device.ts';
import { Cell } from './bindings.ts';
import { DeviceExecutable } from './executable.ts';
import type { CommitWay } from './executable.ts';
import type { CompilingHost, PreparedFallback } from './host.ts';
import { allocateAll, bytesOf, whileAllocating } from './memory.ts';
import { nameOf, planBuffers } from './plan.ts';
import type { Plan } from './plan.ts';
import { reportOf } from './report.ts';

/** The kernel of an op, or undefined. */
export function kernelFor<B, R>(kernels: PartialKernelTable<B, R>, op: string): Kernel<B, Attrs, R> | undefined {
  return Object.hasOwn(kernels, op) ? (kernels as Readonly<Record<string, Kernel<B, Attrs, R>>>)[op] : undefined;
}

/** @throws FormatError, BackendError, and the reason of `signal` when it aborts */
export async function compileProgram<B, R>(
  host: CompilingHost<B, R>,
  given: Program,
  { optimize: optimizes = true, signal }: CompileOptions,
): Promise<DeviceExecutable<B>> {
  signal?.throwIfAborted();
  validate(given);
  const lowered = lower(
    withOwnOrigins(given),
    (instr, slots) => kernelFor(host.kernels, instr.op) !== undefined && host.keeps(instr, slots),
  );
  const program = optimizes ? optimize(lowered) : lowered;
  const plan = planBuffers(program);
  const writes = variableWrites(program, plan);
  const planned = [...plan.inputs, ...plan.constants, ...plan.scratch];
  const staging = writes
    .filter(({ way }) => way === 'stage')
    .map(({ variable, source }) => ({ name: variable, spec: program.slots[source]! }));

  const cells = allocateAll(host.device, host.name, [...planned, ...staging]).map((buffer) => new Cell(buffer));
  const fallbacks: PreparedFallback<R>[] = [];
  let sequence: Sequence | undefined;
  const free = async (): Promise<void> => {
    sequence?.dispose?.();
    for (const cell of cells) host.device.free?.(cell.take()!);
    await Promise.all(fallbacks.map((fallback) => fallback.dispose()));
  };
  try {
    const cellOf = cellsOfSlots(program, plan, cells);
    for (const [slot, value] of Object.entries(program.constants)) host.device.write(cellOf[Number(slot)]!.buffer!, value);
    const steps: Step<B, R>[] = [];
    for (const instr of program.instrs) {
      if (isView(instr.op) || instr.out.every((slot) => slot === null)) continue;
      signal?.throwIfAborted();
      const inputs: B[] = [];
      const outputs: (B | null)[] = instr.out.map(() => null);
      instr.in.forEach((slot, position) => cellOf[slot]!.use(inputs, position));
      instr.out.forEach((slot, position) => slot !== null && cellOf[slot]!.use(outputs as B[], position));
      steps.push({ instr, inputs, outputs, run: await prepare(host, instr, program, fallbacks) });
    }
    const bindings = writes.some(({ way }) => way === 'exchange') ? 2 : 1;
    const results = new Set([...resultSlots(program)].map((slot) => plan.holders[slot]!));
    const made = whileAllocating(host.name, 'what the kernels share', () => host.sequence(steps, { bindings, results }));
    sequence = made;
    const stagingCells = cells.slice(planned.length);
    const bytes = (specs: readonly TensorSpec[]): number => specs.reduce((sum, spec) => sum + bytesOf(host.device, spec), 0);
    return new DeviceExecutable(program, host, {
      sequence,
      bindings,
      cells: cellOf,
      commits: writes.map(({ variable, source, way }) => ({
        variable,
        source: cellOf[source]!,
        way,
        staging: way === 'stage' ? stagingCells.shift()! : undefined,
      })),
      free,
      report: () =>
        reportOf(given, program, {
          fallbackReason: ({ op }) => fallbackReason(host, op),
          description: (instr) => made.describe?.(steps.findIndex((step) => step.instr === instr)),
        }),
      memory: {
        parameters: bytes(Object.values(program.variables).map(({ read }) => program.slots[read]!)),
        retained: bytes([...plan.inputs, ...plan.constants].map(({ spec }) => spec)),
        scratch: bytes([...plan.scratch, ...staging].map(({ spec }) => spec)) + (made.bytes ?? 0),
      },
    });
  } catch (error) {
    await free();
    throw error;
  }
}

/** Per slot, the place of the buffer that holds its elements. Those of variables are empty until a store is bound. */
function cellsOfSlots<B>(program: Program, plan: Plan, planned: readonly Cell<B>[]): (Cell<B> | undefined)[] {
  const cells = new Map(Object.values(program.variables).map(({ read }): [Slot, Cell<B>] => [read, new Cell()]));
  [...plan.inputs, ...plan.constants, ...plan.scratch].forEach(({ slots }, index) => {
    for (const slot of slots) cells.set(slot, planned[index]!);
  });
  return plan.holders.map((holder) => cells.get(holder));
}

/** What runs an instruction: its kernel, or the fallback. */
async function prepare<B, R>(host: CompilingHost<B, R>, instr: Instr, { slots }: Program, fallbacks: PreparedFallback<R>[]): Promise<R> {
  const kernel = kernelFor(host.kernels, instr.op);
  if (kernel !== undefined) {
    const inputs = instr.in.map((slot) => slots[slot]!);
    const outputs = instr.out.map((slot) => (slot === null ? null : slots[slot]!));
    return whileAllocating(host.name, nameOf(instr), () => kernel({ attrs: instr.attrs, inputs, outputs }));
  }
  if (host.fallback === undefined) {
    throw new BackendError(`Backend "${host.name}" has no kernel for ${instr.op} and no fallback.`, 'backend.unsupported');
  }
  const prepared = await host.fallback.prepare(instr, slots);
  fallbacks.push(prepared);
  return prepared.run;
}

function fallbackReason<B, R>(host: CompilingHost<B, R>, op: string): string | undefined {
  return kernelFor(host.kernels, op) === undefined ? `no kernel for ${op}: run by "${host.fallback?.name}"` : undefined;
}

/** Passes keep track of origins; here they are the instructions of the program given, also when it comes from a pass itself. */
function withOwnOrigins(program: Program): Program {
  return { ...program, instrs: program.instrs.map((instr, index) => ({ ...instr, origins: [index] })) };
}

interface VariableWrite {
  readonly variable: string;
  readonly source: Slot;
  readonly way: CommitWay;
}

function variableWrites(program: Program, { holders, scratch }: Plan): VariableWrite[] {
  const readSlots = new Set(Object.values(program.variables).map(({ read }) => read));
  const exchangeable = new Set(scratch.flatMap(({ slots }) => slots));
  return Object.entries(program.variables).flatMap(([variable, { read, write }]) => {
    if (write === undefined || holders[write] === read) return [];
    const source = holders[write]!;
    // A buffer can be given to one variable; the others with the same value get copies.
    const way = readSlots.has(source) ? 'stage' : exchangeable.delete(source) ? 'exchange' : 'copy';
    return [{ variable, source: write, way }];
  });
}
