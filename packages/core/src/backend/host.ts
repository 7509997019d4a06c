// What the stores and executables of one backend share.
import type { TensorSpec } from '../array/dtype.ts';
import type { Instr } from '../program/program.ts';
import type { Backend } from './contract.ts';
import type { Device, PartialKernelTable, Sequence, SequenceUse, Step } from './device.ts';
import type { Lifetime } from './lifetime.ts';
import type { WorkQueue } from './queue.ts';

export interface Host<B> {
  readonly name: string;
  readonly device: Device<B>;
  readonly queue: WorkQueue;
  readonly lifetime: Lifetime;
}

/** And what programs are compiled with; `R` is what a kernel prepares. */
export interface CompilingHost<B, R> extends Host<B> {
  readonly kernels: PartialKernelTable<B, R>;
  /** Whether a composite that has a kernel is run by it. */
  readonly keeps: Backend['keeps'];
  /** Prepares the instructions that have no kernel. */
  readonly fallback: Fallback<R> | undefined;
  sequence(steps: readonly Step<B, R>[], use: SequenceUse): Sequence;
}

/** Another backend, seen as something that prepares instructions. */
export interface Fallback<R> {
  readonly name: string;
  prepare(instr: Instr, slots: readonly TensorSpec[]): Promise<PreparedFallback<R>>;
}

export interface PreparedFallback<R> {
  readonly run: R;
  dispose(): Promise<void>;
}
