// The backends that the suite is run on, here and in the matrix: a new one is a row.
import type { Backend } from '@nn/core';
import { backendNamed } from '@nn/backends';

export interface Candidate {
  /** In reports, links and the matrix. */
  readonly name: string;
  /** On all tolerances: 1 for CPU float32 or better, 4 for WebAssembly and GPUs. */
  readonly factor: number;
  create(): Promise<Backend>;
}

export const candidates: readonly Candidate[] = [
  { name: 'reference', factor: 1, create: () => backendNamed('reference') },
  { name: 'cpu', factor: 1, create: () => backendNamed('cpu') },
];
