// The modes of gpu.js that this backend has, and what is special about each.
import type { Capabilities, SequenceDevice } from '@nn/core';
import type { Cell } from './runtime/cell.ts';
import { cpuDevice, wasmDevice, webGl2Device, webGpuDevice } from './runtime/start.ts';
import type { Setup } from './runtime/start.ts';
import type { GpuStep } from './source/stage.ts';
import { exactDialect, shaderDialect } from './source/dialect.ts';
import type { Target } from './source/target.ts';

/** Where kernels run: on the GPU by WebGPU or WebGL 2, in WebAssembly, or as plain JavaScript. */
export type GpujsMode = 'webgpu' | 'webgl2' | 'webasm' | 'cpu';

export interface Mode {
  readonly target: Target;
  readonly capabilities: Omit<Capabilities, 'threads' | 'notes'>;
  start(setup: Setup): SequenceDevice<Cell, GpuStep>;
}

const unlimited = Number.POSITIVE_INFINITY;
/** Work groups along an axis, times their extents. */
const workGroups = 65535;

export const modes: Readonly<Record<GpujsMode, Mode>> = {
  cpu: {
    target: { dialect: exactDialect, grid: { axes: 'one', extents: [unlimited, unlimited, unlimited] }, arrays: unlimited },
    capabilities: { precision: 'f32', strictFloat: true, subnormals: true, exactIntegers: false },
    start: cpuDevice,
  },
  webasm: {
    target: { dialect: exactDialect, grid: { axes: 'any', extents: [unlimited, unlimited, unlimited] }, arrays: unlimited },
    capabilities: { precision: 'f32', strictFloat: true, subnormals: true, exactIntegers: false },
    start: wasmDevice,
  },
  webgpu: {
    // Eight storage buffers are what every device has; one is the result.
    target: { dialect: shaderDialect, grid: { axes: 'any', extents: [8 * workGroups, 8 * workGroups, workGroups] }, arrays: 7 },
    capabilities: { precision: 'f32', strictFloat: false, subnormals: false, accuracy: 'shader', exactIntegers: false },
    start: webGpuDevice,
  },
  webgl2: {
    // Sixteen textures are what every device has; gpu.js binds the last one for itself.
    target: { dialect: shaderDialect, grid: { axes: 'three', extents: [2 ** 24, 2 ** 24, 2 ** 24] }, arrays: 15 },
    capabilities: { precision: 'f32', strictFloat: false, subnormals: false, accuracy: 'shader', exactIntegers: false },
    start: webGl2Device,
  },
};

export const modeNames: readonly GpujsMode[] = ['webgpu', 'webgl2', 'webasm', 'cpu'];
