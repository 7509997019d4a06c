// The defaults, pinned: changing one changes what users' models compute.
import { expect, it } from 'vitest';
import { defaults } from './defaults.ts';

it('are those the README states', () => {
  const initializer = (kind: string) => expect.objectContaining({ kind });
  const affine = { scale: true, center: true, gammaInitializer: initializer('ones'), betaInitializer: initializer('zeros') };
  expect(defaults).toEqual({
    dense: { kernelInitializer: initializer('glorotUniform'), biasInitializer: initializer('zeros'), bias: true },
    conv2d: {
      window: 3,
      strides: 1,
      padding: 'valid',
      dilations: 1,
      groups: 1,
      kernelInitializer: initializer('glorotUniform'),
      biasInitializer: initializer('zeros'),
      bias: true,
    },
    pool2d: { window: 2, padding: 'valid' },
    batchNorm: { epsilon: 1e-5, epsilonMode: 'inside', channelAxis: -1, ...affine },
    ema: { decay: 0.9, spread: 'variance', unbiased: true, debias: false, start: 'standard' },
    cumulative: { spread: 'variance', unbiased: true },
    layerNorm: { axes: -1, epsilon: 1e-5, ...affine },
    dropout: { rate: 0.5, scaling: 'train', active: 'training' },
    leakyRelu: { slope: 0.01 },
    elu: { alpha: 1 },
    celu: { alpha: 1 },
    gelu: { approximate: 'none' },
    hardSigmoid: { slope: 1 / 6, offset: 0.5 },
    silu: { beta: 1 },
    softplus: { beta: 1 },
    thresholdedRelu: { threshold: 1 },
    softmax: { axis: -1 },
    logSoftmax: { axis: -1 },
  });
});

it('cannot be changed', () => {
  expect([defaults, ...Object.values(defaults)].every(Object.isFrozen)).toBe(true);
});
