// Initial values for parameters: Glorot, He, LeCun and plain distributions.
export { constant, ones, zeros } from './constant.ts';
export { fansOf } from './fans.ts';
export type { FansOptions } from './fans.ts';
export { initializerFor } from './forActivation.ts';
export type { PairedActivation } from './forActivation.ts';
export { glorotNormal, glorotUniform } from './glorot.ts';
export type { GlorotNormalOptions, GlorotUniformOptions } from './glorot.ts';
export { heNormal, heUniform } from './he.ts';
export type { HeNormalOptions, HeUniformOptions } from './he.ts';
export { lecunNormal, lecunUniform } from './lecun.ts';
export type { LecunNormalOptions } from './lecun.ts';
export { normal, truncatedNormal } from './normal.ts';
export { uniform } from './uniform.ts';
export type { UniformOptions } from './uniform.ts';
export { varianceScaling } from './varianceScaling.ts';
export type { Distribution, FanMode, VarianceScalingOptions } from './varianceScaling.ts';
