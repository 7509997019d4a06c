// Optimizers, learning-rate schedules and gradient clipping for nn.
export { adam, adamW } from './adam.ts';
export type { AdamOptions } from './adam.ts';
export { clipByNorm, clipByValue, globalNorm } from './clipping.ts';
export { constantSchedule, cosineDecay, exponentialDecay, stepDecay, warmUp } from './schedules.ts';
export type { CosineDecayOptions, DecayOptions, NamedSchedule } from './schedules.ts';
export { sgd } from './sgd.ts';
export type { SgdOptions } from './sgd.ts';
