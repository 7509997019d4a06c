// The modes of gpu.js that this backend has, and what is special about each.
import type { Capabilities, SequenceDevice } from '@nn/core';
import type { Cell } from './runtime/cell.ts';
import type { GpuLibrary, GpuSettings } from './runtime/gpu.ts';
import { cpuDevice, wasmDevice, webGl2Device, webGpuDevice } from './runtime/start.ts';
import type { Setup } from './runtime/start.ts';
import { webGl2Settings } from './runtime/webGl2/context.ts';
import { exactDialect, shaderDialect } from './source/dialect.ts';
import type { GpuStep } from './source/stage.ts';
import type { Target } from './source/target.ts';
import { place } from './vendor/place.ts';
import { provideWebGpu } from './vendor/provideWebGpu.ts';

/** Where kernels run: on the GPU by WebGPU or WebGL 2, in WebAssembly, or as plain JavaScript. */
export type GpujsMode = 'webgpu' | 'webgl2' | 'webasm' | 'cpu';

/** Whether a mode can be had: a reason why not, or notes on what was done to have it. */
export type Availability = { readonly reason: string; readonly cause?: unknown } | Available;

export interface Available {
  readonly notes: readonly string[];
  /** What gpu.js is given beside the mode. */
  readonly settings: Omit<GpuSettings, 'mode'>;
}

export interface Mode {
  readonly target: Target;
  readonly capabilities: Omit<Capabilities, 'threads' | 'notes'>;
  /** Threads that take part in a run. */
  threads(): number;
  available(library: GpuLibrary): Promise<Availability>;
  start(setup: Setup): SequenceDevice<Cell, GpuStep>;
}

const unlimited = Number.POSITIVE_INFINITY;
/** Pixels along an axis that every device with WebGL 2 has at least. */
const textureSize = 2048;
/** Work groups along an axis, times their extents. */
const workGroups = 65535;
const here: Available = { notes: [], settings: {} };

/** The best ones first. */
export const modes: Readonly<Record<GpujsMode, Mode>> = {
  webgpu: {
    // Eight storage buffers are what every device has; one is the result.
    target: {
      dialect: shaderDialect,
      grid: { axes: 'any', extents: [8 * workGroups, 8 * workGroups, workGroups] },
      arrays: 7,
      numbers: 'arguments',
    },
    capabilities: { precision: 'f32', strictFloat: false, subnormals: false, accuracy: 'shader', exactIntegers: false },
    threads: () => 1,
    async available({ GPU }) {
      let note: string | undefined;
      try {
        note = await provideWebGpu();
      } catch (cause) {
        return { reason: 'Node has no WebGPU of its own. npm install webgpu@0.6.2 brings Dawn, which is used when it is there.', cause };
      }
      if (!(await GPU.isWebGPUAvailable()))
        return { reason: 'no adapter was found: there is no GPU, or no driver for it that WebGPU can use.' };
      return note === undefined ? here : { ...here, notes: [note] };
    },
    start: webGpuDevice,
  },
  webgl2: {
    // Sixteen textures are what every device has; gpu.js binds the last one for itself.
    target: {
      dialect: shaderDialect,
      grid: { axes: 'three', extents: [textureSize, textureSize, 2 ** 24] },
      arrays: 15,
      numbers: 'arguments',
    },
    capabilities: { precision: 'f32', strictFloat: false, subnormals: false, accuracy: 'shader', exactIntegers: false },
    threads: () => 1,
    async available({ GPU }) {
      if (!GPU.isWebGL2Supported) return { reason: 'there is no WebGL 2 here: it exists in browsers only.' };
      if (!GPU.isSinglePrecisionSupported) return { reason: 'this device cannot write floats to textures.' };
      const settings = webGl2Settings();
      return settings === undefined ? { reason: 'the browser gives no context: the page may have too many.' } : { notes: [], settings };
    },
    start: webGl2Device,
  },
  webasm: {
    target: {
      dialect: exactDialect,
      grid: { axes: 'any', extents: [unlimited, unlimited, unlimited] },
      arrays: unlimited,
      numbers: 'texts',
    },
    capabilities: { precision: 'f32', strictFloat: true, subnormals: true, exactIntegers: false },
    // As many as gpu.js starts at most: small kernels have fewer.
    threads: () => place.navigator?.hardwareConcurrency ?? place.process?.getBuiltinModule?.('node:os').cpus().length ?? 1,
    available: async ({ GPU }) => (GPU.isWebAssemblySupported ? here : { reason: 'the engine has no WebAssembly.' }),
    start: wasmDevice,
  },
  cpu: {
    target: {
      dialect: exactDialect,
      grid: { axes: 'one', extents: [unlimited, unlimited, unlimited] },
      arrays: unlimited,
      numbers: 'texts',
    },
    capabilities: { precision: 'f32', strictFloat: true, subnormals: true, exactIntegers: false },
    threads: () => 1,
    available: async () => ({
      ...here,
      notes: ['JavaScript computes with 64 bits within a kernel: sums have more digits, and less overflows'],
    }),
    start: cpuDevice,
  },
};

export const modeNames: readonly GpujsMode[] = Object.keys(modes) as GpujsMode[];
