// The backends that the suite is run on, here and in the matrix: a new one is a row.
import type { Peers } from '@nn/conformance';
import type { Backend } from '@nn/core';
import type { Place } from './matrix/committed.ts';

export interface Candidate {
  /** In reports, links and the matrix. */
  readonly name: string;
  /** What `nn-conformance --backend` takes for it. */
  readonly command: string;
  /** Where it runs. */
  readonly places: readonly Place[];
  /** Where only the full tier runs: the tests have the same code elsewhere. */
  readonly fullTierOnly?: readonly Place[];
  create(): Promise<Backend>;
  /** The same on other numbers of threads, which has to give the same bits. */
  readonly peers?: Peers;
}

const everywhere: readonly Place[] = ['Node', 'Chromium'];

const cpu = (name: string, threads: number): Candidate => ({
  name,
  command: `cpu:threads=${threads}`,
  places: everywhere,
  create: () => cpuOn(threads),
  peers: { [`${threads + 1} threads`]: () => cpuOn(threads + 1) },
});

async function cpuOn(threads: number): Promise<Backend> {
  return (await import('@nn/backend-cpu')).cpuBackend({ threads });
}

const tfjs = (device: 'cpu' | 'wasm' | 'webgl' | 'webgpu', places: readonly Place[]): Candidate => ({
  name: `tfjs:${device}`,
  command: `tfjs:${device}`,
  places,
  create: async () => (await import('@nn/backend-tfjs')).tfjsBackend({ device }),
});

const gpujs = (mode: 'webgpu' | 'webgl2' | 'webasm' | 'cpu', places: readonly Place[]): Candidate => ({
  name: `gpujs:${mode}`,
  command: `gpujs:${mode}`,
  places,
  create: async () => (await import('@nn/backend-gpujs')).gpujsBackend({ mode }),
});

export const candidates: readonly Candidate[] = [
  {
    name: 'reference',
    command: 'reference',
    places: everywhere,
    create: async () => (await import('@nn/backend-reference')).referenceBackend(),
  },
  cpu('cpu 1 thread', 1),
  cpu('cpu 2 threads', 2),
  tfjs('cpu', ['Node']),
  { ...tfjs('wasm', everywhere), fullTierOnly: ['Chromium'] },
  tfjs('webgl', ['Chromium']),
  { ...tfjs('webgpu', everywhere), fullTierOnly: ['Chromium'] },
  gpujs('cpu', ['Node']),
  {
    ...gpujs('webasm', ['Node']),
    peers: { 'no workers': async () => (await import('@nn/backend-gpujs')).gpujsBackend({ mode: 'webasm', threads: false }) },
  },
  gpujs('webgl2', ['Chromium']),
  { ...gpujs('webgpu', everywhere), fullTierOnly: ['Chromium'] },
];
