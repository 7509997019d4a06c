// Times on a backend by its name, in Node and in pages alike.
import { operationTimesOn, stepTimeOn, timedModels } from '@nn-tooling/training-scenarios';
import { cpuBackend } from '@nn/backend-cpu';
import { tfjsBackend } from '@nn/backend-tfjs';
import type { Backend } from '@nn/core';
import { gpujsBackend } from '../src/index.ts';

const backends = {
  'cpu, 1 thread': () => cpuBackend({ threads: 1 }),
  'cpu, 2 threads': () => cpuBackend({ threads: 2 }),
  'gpujs:cpu': () => gpujsBackend({ mode: 'cpu' }),
  'gpujs:webasm': () => gpujsBackend({ mode: 'webasm' }),
  'gpujs:webgl2': () => gpujsBackend({ mode: 'webgl2' }),
  'gpujs:webgpu': () => gpujsBackend({ mode: 'webgpu' }),
  'tfjs:cpu': () => tfjsBackend({ device: 'cpu' }),
  'tfjs:wasm': () => tfjsBackend({ device: 'wasm' }),
  'tfjs:webgl': () => tfjsBackend({ device: 'webgl' }),
  'tfjs:webgpu': () => tfjsBackend({ device: 'webgpu' }),
} satisfies Record<string, () => Promise<Backend>>;

export type BackendName = keyof typeof backends;

/** Milliseconds of a step of each timed model, then of each timed operation: medians of `count`. */
export async function timesOf(name: BackendName, count: number): Promise<number[]> {
  const backend = await backends[name]();
  const times: number[] = [];
  for (const model of timedModels) times.push(await stepTimeOn(backend, model, count));
  times.push(...(await operationTimesOn(backend, count)));
  await backend.dispose();
  return times;
}
