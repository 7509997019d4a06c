// The devices of the modes.
import type { Warning } from '@nn/core';
import type { Runner } from './runner.ts';
import type { Gpu, GpuHandle, GpuLibrary, GpuTexture } from './gpu.ts';
import { arrayRunner } from './arrayRunner.ts';
import { GpuDevice } from './device.ts';
import { KernelCache } from './kernelCache.ts';
import type { KernelCacheOptions, Resizing } from './kernelCache.ts';
import { KernelSequence } from './kernelSequence.ts';
import { PipelineSequence } from './pipelineSequence.ts';
import { WebGl2Runner } from './webGl2/runner.ts';
import { WebGpuRunner } from './webGpuRunner.ts';

/** What a device is made from. */
export interface Setup {
  readonly library: GpuLibrary;
  readonly gpu: Gpu;
  /** The mode of gpu.js. */
  readonly mode: string;
  /** Names the backend in messages. */
  readonly name: string;
  readonly memoryLimit: number;
  /** gpu.js may run a program as plain JavaScript when it cannot in this mode; a warning tells. */
  readonly mayFallBack: boolean;
  /** Workers may take part. */
  readonly threads: boolean;
  warn(warning: Warning): void;
}

/** The most elements that an array may have where nothing else limits them. */
const longest = 2 ** 31 - 1;

/** Kernels find their extents as quickly as they would know them. */
const always: Resizing = { upTo: longest, everyCall: false };

/** A device that calls kernels one after the other. */
function callingDevice<V>(
  setup: Setup,
  runner: Runner<V>,
  { lengthLimit = longest, ...use }: Pick<KernelCacheOptions, 'argumentType' | 'resizing'> & { readonly lengthLimit?: number },
): GpuDevice<V> {
  const kernels = new KernelCache({ ...setup, ...use, runner });
  return new GpuDevice({
    runner,
    memoryLimit: setup.memoryLimit,
    lengthLimit,
    sequence: (steps, _use, values) => new KernelSequence(steps, { name: setup.name, runner, kernels, values }),
    dispose: () => setup.gpu.destroy(),
  });
}

/** Plain JavaScript. */
export function cpuDevice(setup: Setup): GpuDevice<Float32Array<ArrayBuffer>> {
  return callingDevice(setup, arrayRunner(), { argumentType: 'Array', resizing: always });
}

/** WebAssembly: a program is a pipeline, whose kernels share one memory and one crew of workers. */
export function wasmDevice(setup: Setup): GpuDevice<Float32Array<ArrayBuffer>> {
  const runner = arrayRunner();
  const kernels = new KernelCache({ ...setup, runner, argumentType: 'Array' });
  return new GpuDevice({
    runner,
    memoryLimit: setup.memoryLimit,
    lengthLimit: longest,
    sequence: (steps, { results }, values) => new PipelineSequence(steps, results, { ...setup, runner, kernels, values }),
    dispose: () => setup.gpu.destroy(),
  });
}

/** WebGPU: what kernels make stays in buffers of the device. */
export function webGpuDevice(setup: Setup): GpuDevice<GpuHandle> {
  return callingDevice<GpuHandle>(setup, new WebGpuRunner(setup.library, setup.gpu), {
    argumentType: 'Array',
    resizing: always,
  });
}

/**
 * WebGL 2: what kernels make stays in textures. A kernel that reads its own last result would write the next into the texture that it read
 * before, whatever the size of that is; one that was told its extents writes into a new one. Where it is in its output a kernel finds by
 * divisions, which are quicker by extents that it knows: kernels with large outputs keep theirs.
 */
export function webGl2Device(setup: Setup): GpuDevice<GpuTexture> {
  const runner = new WebGl2Runner(setup.library, setup.gpu);
  return callingDevice<GpuTexture>(setup, runner, {
    argumentType: 'ArrayTexture(1)',
    resizing: { upTo: 2 ** 14, everyCall: true },
    lengthLimit: runner.lengthLimit,
  });
}
