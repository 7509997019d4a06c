// Moments over axes, which are one primitive for all normalizations. Their numbers are checked by the golden cases of the conformance package.
import { expect, test } from 'vitest';
import { ConfigError } from '../errors/errors.ts';
import { conv2d } from './composites/conv2d.ts';
import { avgPool2d, maxPool2d } from './composites/pool2d.ts';
import { matmul } from './products.ts';
import { logSumExp, mean as meanOver, moments, sum } from './reductions.ts';
import { pad } from './shaping.ts';
import { trace } from './trace.ts';

const [batch, features] = [7, 5];

// Lecture 001: (E_B z)ⱼ has d numbers, (E_d z)ᵢ has B, and E z is one.
test.each([
  ['the batch', 0, [1, features]],
  ['the features', 1, [batch, 1]],
  ['all', [0, 1], [1, 1]],
  ['all, from behind', [-1, 0], [1, 1]],
])('moments over %s keep the other axes', (_name, axes, shape) => {
  trace({ z: { shape: [batch, features], dtype: 'f32' } }, ({ z }) => {
    const { mean, variance, centered } = moments(z, axes);
    expect([mean.shape, variance.shape, centered.shape]).toEqual([shape, shape, [batch, features]]);
    return mean;
  });
});

test('options by position, as TensorFlow.js takes them, are refused, and so are names of other libraries', () => {
  trace({ z: { shape: [features, features], dtype: 'f32' } }, ({ z }) => {
    // @ts-expect-error keepDims has a name
    expect(() => meanOver(z, 1, true)).toThrow(/^mean takes its options as an object, not true\. Its options are keepDims\.$/);
    // @ts-expect-error so has it in a method
    expect(() => z.sum(1, true)).toThrow(ConfigError);
    // @ts-expect-error NumPy's name
    expect(() => sum(z, 1, { keepdims: true })).toThrow(/^sum has no option "keepdims"\. Did you mean "keepDims"\?/);
    // @ts-expect-error PyTorch's
    expect(() => logSumExp(z, 1, { keepdim: true })).toThrow(ConfigError);
    // @ts-expect-error transposeA has a name
    expect(() => matmul(z, z, true)).toThrow(/^matmul takes its options as an object, not true/);
    return z;
  });
});

test('windows and padding refuse options of other libraries, which would leave the defaults', () => {
  const specs = { x: { shape: [1, 4, 4, 1], dtype: 'f32' }, kernel: { shape: [2, 2, 1, 1], dtype: 'f32' } } as const;
  trace(specs, ({ x, kernel }) => {
    // @ts-expect-error PyTorch's name
    expect(() => conv2d(x, kernel, { stride: [2, 2] })).toThrow(/^conv2d has no option "stride"\. Did you mean "strides"\?/);
    // @ts-expect-error by position
    expect(() => maxPool2d(x, [2, 2], [1, 1])).toThrow(/^maxPool2d takes its options as an object, not an array/);
    // @ts-expect-error PyTorch's name
    expect(() => avgPool2d(x, [2, 2], { count_include_pad: true })).toThrow(ConfigError);
    // @ts-expect-error by position
    expect(() => pad(x, [0, 0, 0, 0], [1, 1, 1, 1], 7)).toThrow(/^pad takes its options as an object, not 7/);
    return x;
  });
});
