// Which uses of a kernel are one kernel of gpu.js, and when it is told its extents.
import { describe, expect, it } from 'vitest';
import { modes } from '../modes.ts';
import { kernelSource } from '../source/stage.ts';
import type { KernelSource } from '../source/stage.ts';
import { gridOf } from '../source/grid.ts';
import type { GpuKernelFunction, GpuKernelSettings } from './gpu.ts';
import { KernelCache } from './kernelCache.ts';
import type { Resizing } from './kernelCache.ts';

const { target } = modes.webgl2;

/** Zeros. */
const zeros = (length: number): KernelSource => kernelSource(target, gridOf([length], target.grid), 0, { statements: [], result: '0' });

interface Made {
  readonly settings: GpuKernelSettings;
  readonly told: number[][];
}

function cacheOf(resizing?: Resizing): { readonly cache: KernelCache; readonly made: Made[] } {
  const made: Made[] = [];
  const createKernel = (_: string, settings: GpuKernelSettings): GpuKernelFunction => {
    const told: number[][] = [];
    made.push({ settings, told });
    const kernel: GpuKernelFunction['kernel'] = { constructor: {}, build: () => {} };
    return Object.assign(() => {}, { kernel, setOutput: (output: number[]) => void told.push(output), destroy: () => {} });
  };
  const gpu = { context: null, createKernel, createPipeline: () => expect.fail(), destroy: async () => {} };
  const runner = { keepsResults: true, destroy: () => {} };
  const cache = new KernelCache({
    gpu,
    mode: 'webgl2',
    runner,
    argumentType: 'Array',
    mayFallBack: false,
    ...(resizing === undefined ? {} : { resizing }),
  });
  return { cache, made };
}

describe('kernels with the same text and outputs of other extents', () => {
  it('are several where they keep their extents', () => {
    const { cache, made } = cacheOf();
    for (const length of [3, 5, 3]) cache.take(zeros(length)).resize();
    expect(made.map(({ settings, told }) => [settings.output, settings.dynamicOutput, told])).toEqual([
      [[3, 1, 1], false, []],
      [[5, 1, 1], false, []],
    ]);
  });

  it('are one that is told others, where that is enough', () => {
    const { cache, made } = cacheOf({ upTo: Number.POSITIVE_INFINITY, everyCall: false });
    for (const length of [3, 3, 5, 5, 3]) cache.take(zeros(length)).resize();
    expect(made.map(({ told }) => told)).toEqual([
      [
        [5, 1, 1],
        [3, 1, 1],
      ],
    ]);
  });

  it('are one that is told before every call up to a size, and several beyond', () => {
    const { cache, made } = cacheOf({ upTo: 4, everyCall: true });
    for (const length of [3, 3, 4, 5, 6]) cache.take(zeros(length)).resize();
    expect(made.map(({ settings, told }) => [settings.dynamicOutput, told.map(([extent]) => extent)])).toEqual([
      [true, [3, 3, 4]],
      [false, []],
      [false, []],
    ]);
  });
});
