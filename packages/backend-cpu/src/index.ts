// Runs nn programs on the CPU, in Node and in browsers.
export { cpuBackend } from './cpuBackend.ts';
export type { CpuOptions } from './cpuBackend.ts';
