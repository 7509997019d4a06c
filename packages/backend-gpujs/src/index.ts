// @nn/backend-gpujs: runs nn programs with gpu.js.
export { gpujsBackend } from './gpujsBackend.ts';
export type { GpujsOptions } from './gpujsBackend.ts';
export type { GpujsMode } from './modes.ts';
