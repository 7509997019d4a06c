// Optimizers, learning-rate schedules and gradient clipping for nn.
export { adagrad } from './adagrad.ts';
export type { AdagradOptions } from './adagrad.ts';
export { adam, adamW } from './adam.ts';
export type { AdamOptions } from './adam.ts';
export { clipByNorm, clipByValue, globalNorm } from './clipping.ts';
export type { LearningRateMode } from './learningRate.ts';
export { oneCycle, oneCycleMomentum } from './oneCycle.ts';
export type { OneCycleMomentumOptions, OneCycleOptions } from './oneCycle.ts';
export { rmsprop } from './rmsprop.ts';
export type { RmspropOptions } from './rmsprop.ts';
export { constantSchedule, cosineDecay, exponentialDecay, stepDecay, warmUp } from './schedules.ts';
export type { CosineDecayOptions, DecayOptions, NamedSchedule } from './schedules.ts';
export { sgd } from './sgd.ts';
export type { SgdOptions } from './sgd.ts';
