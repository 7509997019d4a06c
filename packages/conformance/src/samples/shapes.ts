// Shapes and values that kernels get wrong: extents of 1, odd ones that no vector width divides, empty arrays, batches of 1 to 5, large
// arrays; features without deviation, data far from zero, wide logits, ties, NaN in one row.
import type { NdArray, Tensor } from '@nn/core';
import { full, scalar } from '@nn/core';
import type { Draw } from './arrays.ts';
import { integers, numbers } from './arrays.ts';
import type { SomeSamples } from './opSample.ts';

const [a, b] = [scalar.input(0, 'f32'), scalar.input(1, 'f32')];
const product = scalar.mul(a, scalar.add(b, 0.5));
const noPadding = [
  [0, 0],
  [0, 0],
] as const;
const window2 = { window: [2, 2], strides: [1, 1], padding: noPadding, dilations: [1, 1], overhang: [0, 0] } as const;
const plain = { strides: [1, 1], padding: noPadding, dilations: [1, 1], groups: 1 } as const;
const noTransposes = { transposeA: false, transposeB: false } as const;

/** Odd and empty shapes, and extents of 1. */
export function shapeSamplesOf({ normal, probabilities }: Draw): SomeSamples {
  return {
    map: [[1], [17], [5, 13], [0], [2, 0, 3], [1, 1, 1, 1]].map((shape) => ({
      title: `of shape ${shape.join('×')}`,
      attrs: { expression: product },
      inputs: [normal('a', shape), normal('b', shape)],
    })),
    reduce: (['sum', 'max', 'min', 'prod'] as const).flatMap((kind) => [
      { title: `${kind} of one`, attrs: { kind, axes: [0] }, inputs: [normal('x', [1])] },
      { title: `${kind} of 37`, attrs: { kind, axes: [0] }, inputs: [normal('x', [37])] },
      { title: `${kind} of 5×19 by rows`, attrs: { kind, axes: [1] }, inputs: [normal('x', [5, 19])] },
      { title: `${kind} of 19×5 by columns`, attrs: { kind, axes: [0] }, inputs: [normal('x', [19, 5])] },
      { title: `${kind} of no rows`, attrs: { kind, axes: [1] }, inputs: [normal('x', [0, 3])] },
      { title: `${kind} of i32`, attrs: { kind, axes: [0] }, inputs: [integers(5, -3, 7, 2, -2)] },
      ...(kind === 'sum' ? [{ title: 'sum of nothing', attrs: { kind, axes: [1] }, inputs: [normal('x', [3, 0])] }] : []),
      ...(kind === 'prod' ? [{ title: 'prod of nothing', attrs: { kind, axes: [1] }, inputs: [normal('x', [3, 0])] }] : []),
    ]),
    matmul: [
      { title: '1×1×1', attrs: noTransposes, inputs: [normal('a', [1, 1]), normal('b', [1, 1])] },
      { title: '7×13×11', attrs: noTransposes, inputs: [normal('a', [7, 13]), normal('b', [13, 11])] },
      { title: '5×17×9, Aᵀ', attrs: { transposeA: true, transposeB: false }, inputs: [normal('a', [17, 5]), normal('b', [17, 9])] },
      { title: '5×17×9, Bᵀ', attrs: { transposeA: false, transposeB: true }, inputs: [normal('a', [5, 17]), normal('b', [9, 17])] },
      { title: 'nothing to sum', attrs: noTransposes, inputs: [normal('a', [2, 0]), normal('b', [0, 3])] },
      { title: 'no rows', attrs: noTransposes, inputs: [normal('a', [0, 4]), normal('b', [4, 3])] },
      { title: 'batches 2×1 and 1×3', attrs: noTransposes, inputs: [normal('a', [2, 1, 3, 5]), normal('b', [1, 3, 5, 2])] },
    ],
    reshape: [{ title: 'empty', attrs: { shape: [3, 0] }, inputs: [normal('x', [0, 2])] }],
    transpose: [
      { title: '17×5', attrs: { order: [1, 0] }, inputs: [normal('x', [17, 5])] },
      { title: 'four axes', attrs: { order: [3, 1, 0, 2] }, inputs: [normal('x', [2, 3, 5, 7])] },
      { title: 'empty', attrs: { order: [1, 0] }, inputs: [normal('x', [0, 3])] },
    ],
    slice: [
      { title: 'the last of 19', attrs: { begin: [18], end: [19], step: [1] }, inputs: [normal('x', [19])] },
      { title: 'every third of 19', attrs: { begin: [1], end: [19], step: [3] }, inputs: [normal('x', [19])] },
    ],
    concat: [
      { title: 'with an empty one', attrs: { axis: 0 }, inputs: [normal('x', [2, 3]), normal('y', [0, 3]), normal('z', [5, 3])] },
      { title: 'odd rows', attrs: { axis: 1 }, inputs: [normal('x', [3, 7]), normal('y', [3, 5])] },
    ],
    pad: [
      { title: 'nothing', attrs: { low: [2], high: [1], interior: [0], value: 1.5 }, inputs: [normal('x', [0])] },
      { title: 'a single element', attrs: { low: [3], high: [4], interior: [2], value: 0 }, inputs: [normal('x', [1])] },
    ],
    gather: [
      { title: 'nothing', attrs: { axis: 0 }, inputs: [normal('x', [4, 3]), noIndices()] },
      { title: 'from an odd axis', attrs: { axis: 1 }, inputs: [normal('x', [3, 7, 2]), integers(6, 0, 6, 3, 1)] },
    ],
    scatterAdd: [
      { title: 'nothing', attrs: { axis: 0, extent: 3 }, inputs: [normal('x', [0, 2]), noIndices()] },
      { title: 'all into one', attrs: { axis: 0, extent: 1 }, inputs: [normal('x', [7, 3]), integers(0, 0, 0, 0, 0, 0, 0)] },
    ],
    iota: [
      { title: 'odd, the first axis', attrs: { shape: [7, 5], axis: 0 }, inputs: [] },
      { title: 'empty', attrs: { shape: [0, 2], axis: 1 }, inputs: [] },
    ],
    uniform: [
      ...[
        { seed: 0, step: 0 },
        { seed: -1, step: 1 },
        { seed: 2 ** 31 - 1, step: -2 },
        { seed: 7, step: 3 },
      ].map(({ seed, step }) => ({
        title: `seed ${seed}, step ${step}`,
        attrs: { shape: [17], path: 'dropout1', call: 0 },
        inputs: [full([], seed, 'i32'), full([], step, 'i32')],
      })),
      ...[
        { path: 'dropout1', call: 1 },
        { path: 'block1/dropout2', call: 0 },
        { path: '', call: 2 ** 20 },
      ].map(({ path, call }) => ({
        title: `path "${path}", call ${call}`,
        attrs: { shape: [3, 5], path, call },
        inputs: [full([], 7, 'i32'), full([], 3, 'i32')],
      })),
      { title: 'none', attrs: { shape: [0], path: 'x', call: 0 }, inputs: [full([], 7, 'i32'), full([], 3, 'i32')] },
    ],
    linear: [1, 2, 3, 4, 5].map((batch) => ({
      title: `a batch of ${batch}, 13 to 7`,
      attrs: {},
      inputs: [normal('x', [batch, 13]), normal('kernel', [13, 7]), normal('bias', [7])],
    })),
    normalize: [2, 3, 4, 5].map((batch) => ({
      title: `a batch of ${batch}, 7 features`,
      attrs: { axes: [0], epsilon: 1e-3 },
      inputs: [normal('x', [batch, 7]), normal('gamma', [1, 7]), normal('beta', [1, 7])],
      combine: ([y, mean, variance]) => [y!, mean!, variance!],
    })),
    softmax: [
      [1, 1],
      [5, 17],
      [0, 3],
      [2, 1, 9],
    ].map((shape) => ({
      title: `of shape ${shape.join('×')}`,
      attrs: { axis: shape.length - 1 },
      inputs: [normal('x', shape)],
    })),
    logSoftmax: [
      [1, 1],
      [5, 17],
      [0, 3],
    ].map((shape) => ({
      title: `of shape ${shape.join('×')}`,
      attrs: { axis: 1 },
      inputs: [normal('x', shape)],
    })),
    softmaxCrossEntropy: [1, 2, 3, 4, 5].map((batch) => ({
      title: `a batch of ${batch}, 11 classes`,
      attrs: { labelSmoothing: 0 },
      inputs: [normal('logits', [batch, 11]), integers(...[10, 0, 5, 3, 9].slice(0, batch))],
    })),
    softmaxCrossEntropyGradient: [
      {
        title: '5×11',
        attrs: { labelSmoothing: 0 },
        inputs: [probabilities('p', [5, 11]), integers(10, 0, 5, 3, 9), normal('dLoss', [5])],
      },
    ],
    conv2d: [
      { title: '1×1 on a pixel', attrs: { ...plain, window: [1, 1] }, inputs: [normal('x', [1, 1, 1, 3]), normal('kernel', [1, 1, 3, 5])] },
      { title: 'odd channels', attrs: { ...plain, window: [3, 3] }, inputs: [normal('x', [3, 5, 7, 3]), normal('kernel', [3, 3, 3, 5])] },
    ],
    maxPool2d: [{ title: 'odd channels', attrs: window2, inputs: [normal('x', [1, 5, 3, 5])] }],
    avgPool2d: [{ title: 'odd channels', attrs: { ...window2, countPadding: true }, inputs: [normal('x', [1, 5, 3, 5])] }],
  };
}

/** Values that break shortcuts. The ones with infinities or NaN are in {@link nonFiniteSamplesOf}. */
export function valueSamplesOf({ normal }: Draw): SomeSamples {
  const wideLogits = numbers(88.8, -88.8, 0, 1000, -1000, 3, 1e30, -1e30, 5).reshape([3, 3]);
  return {
    reduce: [
      { title: '100003 times 0.1', attrs: { kind: 'sum', axes: [0] }, inputs: [full([100003], 0.1)], differentiatedBy: [] },
      { title: 'sum at mean 1e6', attrs: { kind: 'sum', axes: [0] }, inputs: [normal('x', [64, 3], { mean: 1e6 })] },
      { title: 'max of negative numbers', attrs: { kind: 'max', axes: [0] }, inputs: [numbers(-5, -2, -9)] },
      { title: 'min of positive numbers', attrs: { kind: 'min', axes: [0] }, inputs: [numbers(5, 2, 9)] },
      { title: 'max with ties', attrs: { kind: 'max', axes: [0] }, inputs: [numbers(2, 7, 7, 1, 7)], differentiatedBy: [] },
    ],
    normalize: [
      { title: 'features without deviation', x: numbers(2, 5, 1, 2, -1, 3, 2, 0.5, 4).reshape([3, 3]), epsilon: 1e-5 },
      { title: 'features without deviation, epsilon 0', x: numbers(2, 5, 1, 2, -1, 3, 2, 0.5, 4).reshape([3, 3]), epsilon: 0 },
      { title: 'small deviations beside epsilon', x: normal('small', [5, 3], { deviation: 1e-3 }), epsilon: 1e-3 },
      { title: 'mean 1e4', x: normal('far', [17, 3], { mean: 1e4 }), epsilon: 1e-5 },
    ].map(({ title, x, epsilon }) => ({
      title,
      attrs: { axes: [0], epsilon },
      inputs: [x, normal('gamma', [1, 3]), normal('beta', [1, 3])],
      combine: ([y, mean, variance]: readonly Tensor[]) => [y!, mean!, variance!],
    })),
    softmax: [{ title: 'wide logits', attrs: { axis: 1 }, inputs: [wideLogits] }],
    logSoftmax: [{ title: 'wide logits', attrs: { axis: 1 }, inputs: [wideLogits] }],
    softmaxCrossEntropy: [0, 0.125].map((labelSmoothing) => ({
      title: `wide logits, smoothing ${labelSmoothing}`,
      attrs: { labelSmoothing },
      inputs: [wideLogits, integers(1, 0, 2)],
    })),
    maxPool2d: [
      { title: 'negative numbers', attrs: window2, inputs: [image(-5, -1, -8, -2, -3, -4, -7, -6, -9)] },
      { title: 'padded negative numbers', attrs: { ...window2, padding: around1 }, inputs: [image(-5, -1, -8, -2, -3, -4, -7, -6, -9)] },
    ],
    maxPool2dGradient: [
      {
        title: 'ties go to the first',
        attrs: window2,
        inputs: [image(3, 3, 1, 3, 3, 1, 0, 0, 0), image(3, 3, 3, 3), image(0.5, -1.25, 2, 0.75)],
        differentiatedBy: [],
      },
      {
        title: 'negative numbers',
        attrs: window2,
        inputs: [image(-5, -1, -8, -2, -3, -4, -7, -6, -9), image(-1, -1, -2, -3), image(0.5, -1.25, 2, 0.75)],
        differentiatedBy: [],
      },
    ],
  };
}

/** NaN in one row stays in that row; infinities are numbers. */
export function nonFiniteSamplesOf({ normal }: Draw): SomeSamples {
  const withNaN = numbers(1, 2, 3, 4, NaN, 6, 7, 8, 9).reshape([3, 3]);
  const withInfinity = numbers(1, -Infinity, 3, 4, 5, -Infinity, -Infinity, 2, 0).reshape([3, 3]);
  return {
    reduce: (['sum', 'max', 'min', 'prod'] as const).flatMap((kind) => [
      { title: `${kind} with NaN in a row`, attrs: { kind, axes: [1] }, inputs: [withNaN], differentiatedBy: [] },
      { title: `${kind} with NaN first`, attrs: { kind, axes: [0] }, inputs: [numbers(NaN, 1, 2)], differentiatedBy: [] },
      { title: `${kind} with an infinity`, attrs: { kind, axes: [1] }, inputs: [withInfinity], differentiatedBy: [] },
    ]),
    matmul: [{ title: 'NaN in a row', attrs: noTransposes, inputs: [withNaN, normal('b', [3, 2])], differentiatedBy: [] }],
    linear: [{ title: 'NaN in a row', attrs: {}, inputs: [withNaN, normal('b', [3, 2]), normal('bias', [2])], differentiatedBy: [] }],
    gather: [{ title: 'out of range', attrs: { axis: 0 }, inputs: [normal('x', [3, 2]), integers(0, 3, -1)] }],
    concat: [{ title: 'NaN and infinities', attrs: { axis: 0 }, inputs: [numbers(NaN, -0), numbers(Infinity)], differentiatedBy: [] }],
    softmax: [
      { title: 'NaN in a row', attrs: { axis: 1 }, inputs: [withNaN], differentiatedBy: [] },
      { title: '-Infinity in rows', attrs: { axis: 1 }, inputs: [withInfinity], differentiatedBy: [] },
    ],
    logSoftmax: [{ title: 'NaN in a row', attrs: { axis: 1 }, inputs: [withNaN], differentiatedBy: [] }],
    normalize: [
      {
        title: 'NaN in a row',
        attrs: { axes: [1], epsilon: 1e-5 },
        inputs: [withNaN, normal('gamma', [1, 3]), normal('beta', [1, 3])],
        differentiatedBy: [],
        combine: ([y, mean, variance]) => [y!, mean!, variance!],
      },
    ],
    maxPool2d: [{ title: 'NaN', attrs: window2, inputs: [image(1, 2, 3, 4, NaN, 6, 7, 8, 9)], differentiatedBy: [] }],
  };
}

/** Long sums and arrays larger than a cache line, a block or a workgroup. */
export function largeSamplesOf({ normal }: Draw): SomeSamples {
  return {
    map: [{ title: 'large', attrs: { expression: product }, inputs: [normal('a', [1031, 33]), normal('b', [1, 33])] }],
    reduce: [
      { title: 'sum of 1031×33 by columns', attrs: { kind: 'sum', axes: [0] }, inputs: [normal('x', [1031, 33])] },
      { title: 'max of 1031×33 by rows', attrs: { kind: 'max', axes: [1] }, inputs: [normal('x', [1031, 33])], differentiatedBy: [] },
    ],
    matmul: [{ title: '67×257×65', attrs: noTransposes, inputs: [normal('a', [67, 257]), normal('b', [257, 65])] }],
    linear: [{ title: '65×131 to 67', attrs: {}, inputs: [normal('x', [65, 131]), normal('kernel', [131, 67]), normal('bias', [67])] }],
    normalize: [
      {
        title: '1031×17',
        attrs: { axes: [0], epsilon: 1e-5 },
        inputs: [normal('x', [1031, 17], { mean: 100 }), normal('gamma', [1, 17]), normal('beta', [1, 17])],
        combine: ([y, mean, variance]) => [y!, mean!, variance!],
      },
    ],
    softmax: [{ title: '65×1001', attrs: { axis: 1 }, inputs: [normal('x', [65, 1001])] }],
    transpose: [{ title: '131×257', attrs: { order: [1, 0] }, inputs: [normal('x', [131, 257])] }],
    scatterAdd: [
      {
        title: '1031×17 into 5 rows',
        attrs: { axis: 0, extent: 5 },
        inputs: [normal('x', [1031, 17]), integers(...Array.from({ length: 1031 }, (_, row) => (row * 7) % 5))],
      },
    ],
    uniform: [
      { title: '20011 numbers', attrs: { shape: [20011], path: 'dropout1', call: 0 }, inputs: [full([], 7, 'i32'), full([], 3, 'i32')] },
    ],
    conv2d: [
      { title: '4×17×19', attrs: { ...plain, window: [3, 3] }, inputs: [normal('x', [4, 17, 19, 3]), normal('kernel', [3, 3, 3, 9])] },
    ],
  };
}

const around1 = [
  [1, 1],
  [1, 1],
] as const;

/** i32 [0] */
function noIndices(): NdArray {
  return integers();
}

/** f32 [1, n, n, 1] */
function image(...values: readonly number[]): NdArray {
  const extent = Math.sqrt(values.length);
  return numbers(...values).reshape([1, extent, extent, 1]);
}
