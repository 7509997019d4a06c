// The defaults, pinned: changing one changes what users' models compute.
import { expect, it } from 'vitest';
import { defaults } from './defaults.ts';

it('are those the README states', () => {
  const initializer = (kind: string) => expect.objectContaining({ kind });
  const affine = { scale: true, center: true, gammaInitializer: initializer('ones'), betaInitializer: initializer('zeros') };
  const epsilon = { epsilon: 1e-5, epsilonMode: 'inside' };
  const dropping = { rate: 0.5, scaling: 'train', active: 'training' };
  const channels = { ...epsilon, channelAxis: -1, ...affine };
  expect(defaults).toEqual({
    dense: { kernelInitializer: initializer('glorotUniform'), biasInitializer: initializer('zeros'), bias: true, kernelTransform: null },
    conv2d: {
      window: 3,
      strides: 1,
      padding: 'valid',
      dilations: 1,
      groups: 1,
      kernelInitializer: initializer('glorotUniform'),
      biasInitializer: initializer('zeros'),
      bias: true,
      kernelTransform: null,
    },
    pool2d: { window: 2, padding: 'valid', dilations: 1, ceilMode: false },
    avgPool2d: { countPadding: false },
    batchNorm: channels,
    ema: { decay: 0.9, spread: 'variance', unbiased: true, debias: false, start: 'standard' },
    cumulative: { spread: 'variance', unbiased: true },
    ghostBatchNorm: { ...channels, ghostBatchSize: 32 },
    batchRenorm: {
      ...channels,
      rMax: { from: 1, to: 3, begin: 5000, end: 40_000 },
      dMax: { from: 0, to: 5, begin: 5000, end: 25_000 },
    },
    instanceNorm: { ...channels, runningStatistics: null },
    groupNorm: { ...channels, groups: 32 },
    layerNorm: { axes: -1, ...epsilon, ...affine },
    rmsNorm: { axes: -1, epsilon: 1e-6, epsilonMode: 'inside', scale: true, gammaInitializer: initializer('ones') },
    dropConnect: { ...dropping, per: 'step' },
    weightNorm: { axis: -1, lengthInitializer: null },
    normPropRelu: { mean: expect.closeTo(0.3989422804014327, 15), deviation: expect.closeTo(0.5838193701035489, 15) },
    normPropDense: {
      kernelInitializer: initializer('glorotUniform'),
      gammaInitializer: expect.objectContaining({ kind: 'constant', options: { value: 1 / 1.21 } }),
      betaInitializer: initializer('zeros'),
    },
    embedding: { kernelInitializer: initializer('uniform') },
    dropout: { ...dropping, noiseShape: null },
    spatialDropout: dropping,
    alphaDropout: { rate: 0.5, noiseShape: null, active: 'training' },
    gaussianDropout: { rate: 0.5, active: 'training' },
    gaussianNoise: { deviation: 0.1, active: 'training' },
    leakyRelu: { slope: 0.01 },
    elu: { alpha: 1 },
    celu: { alpha: 1 },
    gelu: { approximate: 'none' },
    hardSigmoid: { slope: 1 / 6, offset: 0.5 },
    prelu: { axes: -1, slopeInitializer: initializer('constant') },
    silu: { beta: 1 },
    softplus: { beta: 1 },
    standardize: { axes: -1 },
    thresholdedRelu: { threshold: 1 },
    softmax: { axis: -1 },
    logSoftmax: { axis: -1 },
  });
});

it('cannot be changed', () => {
  expect([defaults, ...Object.values(defaults)].every(Object.isFrozen)).toBe(true);
});
