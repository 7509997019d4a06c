// From a program to an executable: passes, buffers, kernels.
import { BackendError } from '../errors/errors.ts';
import { lower } from '../passes/lower.ts';
import { optimize } from '../passes/optimize.ts';
import { validate } from '../passes/validate.ts';
import type { Attrs, Instr, Program, Slot } from '../program/program.ts';
import type { CompileOptions } from './contract.ts';
import type { Kernel, PartialKernelTable } from './device.ts';
import { DeviceExecutable } from './executable.ts';
import type { Commit, Step } from './executable.ts';
import { compileFallback } from './fallback.ts';
import type { FallbackInstruction } from './fallback.ts';
import type { Host } from './host.ts';
import { allocateAll, bytesOf } from './memory.ts';
import type { Demand } from './memory.ts';
import { isView, planBuffers } from './plan.ts';
import { reportOf } from './report.ts';

/** The kernel of an op, or undefined. */
export function kernelFor<B>(kernels: PartialKernelTable<B>, op: string): Kernel<B, Attrs> | undefined {
  return Object.hasOwn(kernels, op) ? (kernels as Readonly<Record<string, Kernel<B, Attrs>>>)[op] : undefined;
}

/** @throws FormatError, BackendError, and the reason of `signal` when it aborts */
export async function compileProgram<B>(
  host: Host<B>,
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
  const staging = writes
    .filter(({ staged }) => staged)
    .map(({ variable, source }) => ({ name: `variable "${variable}"`, spec: program.slots[source]! }));
  const memory = allocateAll(host.device, host.name, [...planned, ...staging]);
  const fallbacks: FallbackInstruction<B>[] = [];
  const free = async (): Promise<void> => {
    for (const buffer of memory) host.device.free?.(buffer);
    await Promise.all(fallbacks.map((fallback) => fallback.dispose()));
  };

  try {
    const buffers = program.slots.map((): B | undefined => undefined);
    planned.forEach(({ slots }, index) => {
      for (const slot of slots) buffers[slot] = memory[index]!;
    });
    for (const [slot, value] of Object.entries(program.constants)) host.device.write(buffers[Number(slot)]!, value);

    const steps: Step<B>[] = [];
    for (const instr of program.instrs) {
      if (isView(instr.op) || instr.out.every((slot) => slot === null)) continue;
      signal?.throwIfAborted();
      const kernel = kernelFor(host.kernels, instr.op);
      if (kernel === undefined) fallbacks.push(await compileFallback(expectFallback(host, instr), host.device, instr, program.slots));
      steps.push({
        instr,
        // Buffers of variables are not known before a store is bound; the executable fills them in.
        inputs: instr.in.map((slot) => buffers[plan.holders[slot]!] as B),
        outputs: instr.out.map((slot) => (slot === null ? null : buffers[slot]!)),
        run: kernel === undefined ? fallbacks.at(-1)!.run : kernel(callOf(instr, program)),
      });
    }

    const stagingBuffers = memory.slice(planned.length);
    const commits = writes.map(({ variable, source, staged }): Commit<B> => {
      return { variable, source, staging: staged ? stagingBuffers.shift()! : undefined };
    });
    const bytes = (demands: readonly Demand[]): number => demands.reduce((sum, { spec }) => sum + bytesOf(host.device, spec), 0);
    return new DeviceExecutable(program, host, {
      steps,
      buffers,
      holders: plan.holders,
      commits,
      free,
      report: reportOf(given, program, ({ op }) =>
        kernelFor(host.kernels, op) ? undefined : `no kernel for ${op}: run by "${host.fallback?.name}"`,
      ),
      memory: {
        parameters: bytes(Object.entries(program.variables).map(([name, { read }]) => ({ name, spec: program.slots[read]! }))),
        retained: bytes([...plan.inputs, ...plan.constants]),
        scratch: bytes([...plan.scratch, ...staging]),
      },
    });
  } catch (error) {
    await free();
    throw error;
  }
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

function callOf(instr: Instr, { slots }: Program): Parameters<Kernel<unknown, Attrs>>[0] {
  return {
    attrs: instr.attrs,
    inputs: instr.in.map((slot) => slots[slot]!),
    outputs: instr.out.map((slot) => (slot === null ? null : slots[slot]!)),
  };
}

function expectFallback<B>(host: Host<B>, { op }: Instr): NonNullable<Host<B>['fallback']> {
  if (host.fallback === undefined) {
    throw new BackendError(`Backend "${host.name}" has no kernel for ${op} and no fallback.`, 'backend.unsupported');
  }
  return host.fallback;
}
