// From a program to an executable: passes, buffers, kernels.
import type { TensorSpec } from '../array/dtype.ts';
import { BackendError } from '../errors/errors.ts';
import { lower } from '../passes/lower.ts';
import { optimize } from '../passes/optimize.ts';
import { validate } from '../passes/validate.ts';
import type { Attrs, Instr, Program, Slot } from '../program/program.ts';
import type { CompileOptions } from './contract.ts';
import type { Kernel, PartialKernelTable, Sequence, Step } from './device.ts';
import { DeviceExecutable } from './executable.ts';
import type { VariableReader } from './executable.ts';
import type { CompilingHost, PreparedFallback } from './host.ts';
import { allocateAll, bytesOf, whileAllocating } from './memory.ts';
import { isView, nameOf, planBuffers } from './plan.ts';
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
  const lowered = lower(withOwnOrigins(given), ({ op }) => kernelFor(host.kernels, op) !== undefined);
  const program = optimizes ? optimize(lowered) : lowered;
  const plan = planBuffers(program);
  const writes = variableWrites(program, plan.holders);
  const planned = [...plan.inputs, ...plan.constants, ...plan.scratch];
  const staging = writes.filter(({ staged }) => staged).map(({ variable, source }) => ({ name: variable, spec: program.slots[source]! }));

  const memory = allocateAll(host.device, host.name, [...planned, ...staging]);
  const fallbacks: PreparedFallback<R>[] = [];
  let sequence: Sequence | undefined;
  const free = async (): Promise<void> => {
    sequence?.dispose?.();
    for (const buffer of memory) host.device.free?.(buffer);
    await Promise.all(fallbacks.map((fallback) => fallback.dispose()));
  };
  try {
    const buffers = program.slots.map((): B | undefined => undefined);
    planned.forEach(({ slots }, index) => {
      for (const slot of slots) buffers[slot] = memory[index]!;
    });
    for (const [slot, value] of Object.entries(program.constants)) host.device.write(buffers[Number(slot)]!, value);
    const steps: (Step<B, R> & { readonly inputs: B[] })[] = [];
    for (const instr of program.instrs) {
      if (isView(instr.op) || instr.out.every((slot) => slot === null)) continue;
      signal?.throwIfAborted();
      steps.push({
        instr,
        // Buffers of variables are not known before a store is bound; the executable fills them in.
        inputs: instr.in.map((slot) => buffers[plan.holders[slot]!] as B),
        outputs: instr.out.map((slot) => (slot === null ? null : buffers[slot]!)),
        run: await prepare(host, instr, program, fallbacks),
      });
    }
    sequence = whileAllocating(host.name, 'what the kernels share', () => host.sequence(steps));
    const stagingBuffers = memory.slice(planned.length);
    const bytes = (specs: readonly TensorSpec[]): number => specs.reduce((sum, spec) => sum + bytesOf(host.device, spec), 0);
    return new DeviceExecutable(program, host, {
      sequence,
      readers: readersOf(program, plan.holders, steps),
      buffers,
      holders: plan.holders,
      commits: writes.map(({ variable, source, staged }) => ({ variable, source, staging: staged ? stagingBuffers.shift()! : undefined })),
      free,
      report: reportOf(given, program, ({ op }) => fallbackReason(host, op)),
      memory: {
        parameters: bytes(Object.values(program.variables).map(({ read }) => program.slots[read]!)),
        retained: bytes([...plan.inputs, ...plan.constants].map(({ spec }) => spec)),
        scratch: bytes([...plan.scratch, ...staging].map(({ spec }) => spec)) + (sequence.bytes ?? 0),
      },
    });
  } catch (error) {
    await free();
    throw error;
  }
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

function readersOf<B>(
  program: Program,
  holders: readonly Slot[],
  steps: readonly { readonly instr: Instr; readonly inputs: B[] }[],
): VariableReader<B>[] {
  const variableOf = new Map(Object.entries(program.variables).map(([name, { read }]) => [read, name]));
  return steps.flatMap(({ instr, inputs }) =>
    instr.in.flatMap((slot, position) => {
      const variable = variableOf.get(holders[slot]!);
      return variable === undefined ? [] : [{ variable, inputs, position }];
    }),
  );
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
  /** The source is another variable, which may be written as well: it is set aside first. */
  readonly staged: boolean;
}

function variableWrites(program: Program, holders: readonly Slot[]): VariableWrite[] {
  const readSlots = new Set(Object.values(program.variables).map(({ read }) => read));
  return Object.entries(program.variables).flatMap(([variable, { read, write }]) => {
    if (write === undefined || holders[write] === read) return [];
    return [{ variable, source: write, staged: readSlots.has(holders[write]!) }];
  });
}
