// What the stores and executables of one backend share.
import type { Backend } from './contract.ts';
import type { Device, PartialKernelTable } from './device.ts';
import type { Lifetime } from './lifetime.ts';
import type { WorkQueue } from './queue.ts';

export interface Host<B> {
  readonly name: string;
  readonly device: Device<B>;
  readonly kernels: PartialKernelTable<B>;
  /** Runs the instructions that have no kernel. */
  readonly fallback: Backend | undefined;
  readonly queue: WorkQueue;
  readonly lifetime: Lifetime;
}
