// Every default of the layers in one place. Libraries differ here, and silently; the README says who uses what.
import type { Initializer } from '@nn/core';
import { glorotUniform, ones, zeros } from '@nn/initializers';
import type { Epsilon } from './epsilon.ts';
import type { CumulativeOptions } from './cumulative.ts';
import type { EmaOptions } from './ema.ts';
import type { Extents, WindowPadding } from './windows.ts';

/** An entry of the table: its values are defaults, so their types are not narrowed to them. */
const entry = <Options extends object>(options: Options): Readonly<Options> => Object.freeze(options);

/** The scale and shift after a normalization. */
const affine = { scale: true, center: true, gammaInitializer: ones(), betaInitializer: zeros() };

type DropoutDefaults = { rate: number; scaling: 'train' | 'inference'; active: 'training' | 'always' };

type Conv2dDefaults = {
  window: Extents;
  strides: Extents;
  padding: WindowPadding;
  dilations: Extents;
  groups: number;
  kernelInitializer: Initializer;
  biasInitializer: Initializer;
  bias: boolean;
};

/** The options a layer has when none are given: `defaults.batchNorm.epsilon`. */
export const defaults = Object.freeze({
  dense: entry({ kernelInitializer: glorotUniform(), biasInitializer: zeros(), bias: true }),
  conv2d: entry<Conv2dDefaults>({
    window: 3,
    strides: 1,
    padding: 'valid',
    dilations: 1,
    groups: 1,
    kernelInitializer: glorotUniform(),
    biasInitializer: zeros(),
    bias: true,
  }),
  /** And strides as wide as the window. */
  pool2d: entry<{ window: Extents; padding: WindowPadding }>({ window: 2, padding: 'valid' }),
  /** And `runningStatistics: ema()`. */
  batchNorm: entry<Epsilon & { channelAxis: number } & typeof affine>({ epsilon: 1e-5, epsilonMode: 'inside', channelAxis: -1, ...affine }),
  ema: entry<Required<EmaOptions>>({ decay: 0.9, spread: 'variance', unbiased: true, debias: false, start: 'standard' }),
  cumulative: entry<Required<CumulativeOptions>>({ spread: 'variance', unbiased: true }),
  layerNorm: entry<{ axes: number | readonly number[]; epsilon: number } & typeof affine>({ axes: -1, epsilon: 1e-5, ...affine }),
  dropout: entry<DropoutDefaults>({ rate: 0.5, scaling: 'train', active: 'training' }),
  leakyRelu: entry({ slope: 0.01 }),
  elu: entry({ alpha: 1 }),
  celu: entry({ alpha: 1 }),
  gelu: entry<{ approximate: 'none' | 'tanh' }>({ approximate: 'none' }),
  hardSigmoid: entry({ slope: 1 / 6, offset: 0.5 }),
  silu: entry({ beta: 1 }),
  softplus: entry({ beta: 1 }),
  thresholdedRelu: entry({ threshold: 1 }),
  softmax: entry({ axis: -1 }),
  logSoftmax: entry({ axis: -1 }),
});
