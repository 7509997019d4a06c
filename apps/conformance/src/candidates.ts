// The backends that the suite is run on, here and in the matrix: a new one is a row.
import type { Backend } from '@nn/core';

export interface Candidate {
  /** In reports, links and the matrix. */
  readonly name: string;
  /** What `nn-conformance --backend` takes for it. */
  readonly command: string;
  /** On all tolerances: 1 for CPU float32 or better, 4 for GPUs. */
  readonly factor: number;
  create(): Promise<Backend>;
}

const cpu = (name: string, threads: number): Candidate => ({
  name,
  command: 'cpu',
  factor: 1,
  create: async () => (await import('@nn/backend-cpu')).cpuBackend({ threads }),
});

export const candidates: readonly Candidate[] = [
  {
    name: 'reference',
    command: 'reference',
    factor: 1,
    create: async () => (await import('@nn/backend-reference')).referenceBackend(),
  },
  cpu('cpu 1 thread', 1),
  cpu('cpu 2 threads', 2),
];
