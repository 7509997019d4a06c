// The float64 interpreter of nn: the definition of the numbers.
export { kernels as referenceKernels } from './kernels.ts';
export { referenceBackend } from './referenceBackend.ts';
export { stepThrough } from './stepThrough.ts';
export type { ProgramStep } from './stepThrough.ts';
