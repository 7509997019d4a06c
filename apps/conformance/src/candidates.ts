// The backends that the suite is run on, here and in the matrix: a new one is a row.
import type { Peers } from '@nn/conformance';
import type { Backend } from '@nn/core';

export interface Candidate {
  /** In reports, links and the matrix. */
  readonly name: string;
  /** What `nn-conformance --backend` takes for it. */
  readonly command: string;
  create(): Promise<Backend>;
  /** The same on other numbers of threads, which has to give the same bits. */
  readonly peers?: Peers;
}

const cpu = (name: string, threads: number): Candidate => ({
  name,
  command: 'cpu',
  create: () => cpuOn(threads),
  peers: { [`${threads + 1} threads`]: () => cpuOn(threads + 1) },
});

async function cpuOn(threads: number): Promise<Backend> {
  return (await import('@nn/backend-cpu')).cpuBackend({ threads });
}

export const candidates: readonly Candidate[] = [
  {
    name: 'reference',
    command: 'reference',
    create: async () => (await import('@nn/backend-reference')).referenceBackend(),
  },
  cpu('cpu 1 thread', 1),
  cpu('cpu 2 threads', 2),
];
