import { expect, test } from 'vitest';
import { modelShape } from '@nn/kit';
import { networkOf } from './contenders/network.ts';
import { models, productFlops } from './models.ts';

test.each(Object.entries(models))('%s has the variables that its description names', (_, description) => {
  const { specs } = modelShape(networkOf(description), { shape: [2, ...description.sample], dtype: 'f32' });
  const names = description.layers.flatMap((layer) => {
    if (layer.type === 'dense') return [`${layer.name}/kernel`, ...(layer.bias ? [`${layer.name}/bias`] : [])];
    if (layer.type === 'conv2d') return [`${layer.name}/kernel`];
    return layer.type === 'batchNorm' ? [`${layer.name}/gamma`, `${layer.name}/beta`] : [];
  });
  expect([...specs].filter(([, { role }]) => role === 'parameter').map(([path]) => path)).toEqual(names);
});

test('operations of the products', () => {
  expect(productFlops(models.mlp)).toBe(2 * (784 * 256 + 256 * 128 + 128 * 10));
  expect(productFlops(models.cnn)).toBe(2 * (28 * 28 * 9 * 32 + 14 * 14 * 9 * 32 * 64 + 3136 * 128 + 1280));
});
