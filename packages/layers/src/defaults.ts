// Every default of the layers in one place. Libraries differ here, and silently; the README says who uses what.
import type { Initializer } from '@nn/core';
import { constant, glorotUniform, ones, uniform, zeros } from '@nn/initializers';
import type { Epsilon } from './normalization/epsilon.ts';
import type { MomentDecay, Spread } from './runningStatistics/averages.ts';
import type { KernelTransform } from './dense/kernelTransform.ts';
import type { Ramp } from './normalization/ramp.ts';
import type { RunningStatistics } from './runningStatistics/runningStatistics.ts';
import type { ActiveOptions, DroppingOptions } from './dropout/dropping.ts';
import type { NoiseShape } from './dropout/noiseShape.ts';
import type { SampleAxes } from './normalization/sampleAxes.ts';
import type { Extents, WindowPadding } from './images/windows.ts';

/** An entry of the table: its values are defaults, so their types are not narrowed to them. */
const entry = <Options extends object>(options: Options): Readonly<Options> => Object.freeze(options);

/** The scale and shift after a normalization. */
const affine = { scale: true, center: true, gammaInitializer: ones(), betaInitializer: zeros() };

const epsilonInside: Epsilon = { epsilon: 1e-5, epsilonMode: 'inside' };

type ChannelDefaults = Epsilon & { channelAxis: number } & typeof affine;

/** What normalizations of channels have in common. */
const channels: ChannelDefaults = { ...epsilonInside, channelAxis: -1, ...affine };

type DroppingDefaults = Required<DroppingOptions>;

/** What layers that drop values have in common. */
const dropping: DroppingDefaults = Object.freeze({ rate: 0.5, scaling: 'train', active: 'training' });

type EmaDefaults = {
  decay: number | MomentDecay;
  spread: Spread;
  unbiased: boolean;
  debias: boolean;
  start: 'standard' | 'firstBatch';
};

type Axes = number | readonly number[];

type Active = Required<ActiveOptions>['active'];

type Conv2dDefaults = {
  window: Extents;
  strides: Extents;
  padding: WindowPadding;
  dilations: Extents;
  groups: number;
  kernelInitializer: Initializer;
  biasInitializer: Initializer;
  bias: boolean;
  kernelTransform: KernelTransform | null;
};

type DenseDefaults = Pick<Conv2dDefaults, 'kernelInitializer' | 'biasInitializer' | 'bias' | 'kernelTransform'>;

/** The options a layer has when none are given: `defaults.batchNorm.epsilon`. */
export const defaults = Object.freeze({
  dense: entry<DenseDefaults>({ kernelInitializer: glorotUniform(), biasInitializer: zeros(), bias: true, kernelTransform: null }),
  conv2d: entry<Conv2dDefaults>({
    window: 3,
    strides: 1,
    padding: 'valid',
    dilations: 1,
    groups: 1,
    kernelInitializer: glorotUniform(),
    biasInitializer: zeros(),
    bias: true,
    kernelTransform: null,
  }),
  /** And strides as wide as the window. */
  pool2d: entry<{ window: Extents; padding: WindowPadding; dilations: Extents; ceilMode: boolean }>({
    window: 2,
    padding: 'valid',
    dilations: 1,
    ceilMode: false,
  }),
  /** And those of `pool2d`. */
  avgPool2d: entry({ countPadding: false }),
  /** And `runningStatistics: ema()`. */
  batchNorm: entry<ChannelDefaults>(channels),
  ema: entry<EmaDefaults>({ decay: 0.9, spread: 'variance', unbiased: true, debias: false, start: 'standard' }),
  cumulative: entry<{ spread: Spread; unbiased: boolean }>({ spread: 'variance', unbiased: true }),
  /** And `runningStatistics: ema()`. */
  ghostBatchNorm: entry<ChannelDefaults & { ghostBatchSize: number }>({ ...channels, ghostBatchSize: 32 }),
  /** And `runningStatistics: ema({ decay: 0.99, spread: 'deviation', unbiased: false })`. */
  batchRenorm: entry<ChannelDefaults & { rMax: number | Ramp; dMax: number | Ramp }>({
    ...channels,
    rMax: entry({ from: 1, to: 3, begin: 5000, end: 40_000 }),
    dMax: entry({ from: 0, to: 5, begin: 5000, end: 25_000 }),
  }),
  instanceNorm: entry<ChannelDefaults & { runningStatistics: RunningStatistics | null }>({ ...channels, runningStatistics: null }),
  groupNorm: entry<ChannelDefaults & { groups: number }>({ ...channels, groups: 32 }),
  layerNorm: entry<Epsilon & { axes: Axes } & typeof affine>({ axes: -1, ...epsilonInside, ...affine }),
  rmsNorm: entry<Epsilon & { axes: Axes; scale: boolean; gammaInitializer: Initializer }>({
    axes: -1,
    epsilon: 1e-6,
    epsilonMode: 'inside',
    scale: true,
    gammaInitializer: ones(),
  }),
  embedding: entry<{ kernelInitializer: Initializer }>({ kernelInitializer: uniform() }),
  spatialDropout: dropping,
  dropout: entry<DroppingDefaults & { noiseShape: NoiseShape | null }>({ ...dropping, noiseShape: null }),
  alphaDropout: entry<{ rate: number; noiseShape: NoiseShape | null; active: Active }>({ rate: 0.5, noiseShape: null, active: 'training' }),
  gaussianDropout: entry<{ rate: number; active: Active }>({ rate: 0.5, active: 'training' }),
  gaussianNoise: entry<{ deviation: number; active: Active }>({ deviation: 0.1, active: 'training' }),
  dropConnect: entry<DroppingDefaults & { per: 'step' | 'sample' }>({ ...dropping, per: 'step' }),
  weightNorm: entry<{ axis: number | null; lengthInitializer: Initializer | null }>({ axis: -1, lengthInitializer: null }),
  normPropRelu: entry({ mean: Math.sqrt(1 / (2 * Math.PI)), deviation: Math.sqrt((1 - 1 / Math.PI) / 2) }),
  normPropDense: entry({ kernelInitializer: glorotUniform(), gammaInitializer: constant(1 / 1.21), betaInitializer: zeros() }),
  leakyRelu: entry({ slope: 0.01 }),
  elu: entry({ alpha: 1 }),
  celu: entry({ alpha: 1 }),
  gelu: entry<{ approximate: 'none' | 'tanh' }>({ approximate: 'none' }),
  hardSigmoid: entry({ slope: 1 / 6, offset: 0.5 }),
  prelu: entry<{ axes: SampleAxes; slopeInitializer: Initializer }>({ axes: -1, slopeInitializer: constant(0.25) }),
  silu: entry({ beta: 1 }),
  softplus: entry({ beta: 1 }),
  standardize: entry<{ axes: SampleAxes }>({ axes: -1 }),
  thresholdedRelu: entry({ threshold: 1 }),
  softmax: entry({ axis: -1 }),
  logSoftmax: entry({ axis: -1 }),
});
