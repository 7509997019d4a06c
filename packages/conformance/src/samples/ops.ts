// Calls to try each op with: every kind of attribute, ordinary and odd shapes, values where the op is smooth. The table is typed by the
// op table: a new op without samples does not compile.
import type { MapAttrs, NdArray, ReduceKind } from '@nn/core';
import { add, full, scalar } from '@nn/core';
import type { Draw } from './arrays.ts';
import { firstDraw, integers, numbers } from './arrays.ts';
import type { OpSample, OpSamples } from './opSample.ts';
import type { ExpressionSample } from './scalars.ts';
import { binarySamples, comparisonSamples, composedSamples, unarySamples } from './scalars.ts';
import { windowSamplesOf } from './windows.ts';

const [a, b] = [scalar.input(0, 'f32'), scalar.input(1, 'f32')];

const mapSamples = ({ normal, positive }: Draw): readonly OpSample<MapAttrs>[] => [
  ...Object.entries<ExpressionSample>({ ...unarySamples, ...binarySamples, ...comparisonSamples, ...composedSamples }).map(
    ([title, { expression, x, y }]) => ({
      title,
      attrs: { expression: expression(a, b) },
      inputs: y === undefined ? [numbers(...x)] : [numbers(...x), numbers(...y.slice(0, x.length))],
    }),
  ),
  { title: 'one row over many', attrs: { expression: scalar.mul(a, scalar.sin(b)) }, inputs: [normal('a', [3, 2]), normal('b', [1, 2])] },
  { title: 'both stretched', attrs: { expression: scalar.div(a, b) }, inputs: [normal('a', [1, 3, 1]), positive('b', [2, 1, 4])] },
  { title: 'a scalar', attrs: { expression: scalar.mul(a, scalar.exp(b)) }, inputs: [normal('a', [2, 3]), normal('b', [])] },
  { title: 'scalars only', attrs: { expression: scalar.mul(a, b) }, inputs: [normal('a', []), normal('b', [])] },
  { title: 'an input that only stretches', attrs: { expression: scalar.mul(a, a) }, inputs: [normal('a', [1, 3]), normal('b', [2, 1])] },
  {
    title: 'an integer input',
    attrs: { expression: scalar.mul(a, scalar.cast(scalar.input(1, 'i32'), 'f32')) },
    inputs: [normal('a', [4]), integers(2, -1, 0, 3)],
  },
];

const reduceSamples = ({ normal }: Draw) =>
  (['sum', 'max', 'min', 'prod'] as const satisfies readonly ReduceKind[]).flatMap((kind) =>
    [[0], [1], [2], [0, 2], [0, 1, 2], []].map((axes) => ({
      title: `${kind} over ${axes.length === 0 ? 'no axis' : `axes ${axes.join(', ')}`}`,
      attrs: { kind, axes },
      inputs: [normal(`${kind} ${axes.join()}`, [3, 1, 4])],
    })),
  );

const matmulSamples = ({ normal }: Draw) =>
  [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ].flatMap(([transposeA, transposeB]) => {
    const sides = (batchA: number[], batchB: number[]): NdArray[] => [
      normal('left', [...batchA, ...(transposeA ? [3, 2] : [2, 3])]),
      normal('right', [...batchB, ...(transposeB ? [4, 3] : [3, 4])]),
    ];
    const attrs = { transposeA: transposeA!, transposeB: transposeB! };
    const flags = `${transposeA ? 'Aᵀ' : 'A'} ${transposeB ? 'Bᵀ' : 'B'}`;
    return [
      { title: flags, attrs, inputs: sides([], []) },
      { title: `${flags}, batches`, attrs, inputs: sides([2], [2]) },
      { title: `${flags}, stretched batches`, attrs, inputs: sides([2, 1], [1, 3]) },
    ];
  });

const normalizeSamples = [
  { title: 'per feature', shape: [5, 3], axes: [0], gamma: [1, 3], epsilon: 1e-5 },
  { title: 'per sample', shape: [2, 7], axes: [1], gamma: [1, 7], epsilon: 0.1 },
  { title: 'per channel', shape: [2, 3, 2], axes: [0, 1], gamma: [1, 1, 2], epsilon: 0 },
  { title: 'one gamma for all', shape: [4, 2], axes: [0, 1], gamma: [1, 1], epsilon: 1e-3 },
  { title: 'a gamma for each', shape: [2, 4], axes: [1], gamma: [2, 4], epsilon: 1e-3 },
];

/** Samples of every op, over the arrays of one seed. */
export function opSamplesOf(draw: Draw): OpSamples {
  const { normal, positive, probabilities } = draw;
  return {
    map: mapSamples(draw),
    reduce: [
      ...reduceSamples(draw),
      { title: 'prod with a zero', attrs: { kind: 'prod', axes: [0] }, inputs: [numbers(1.5, 0, -2.25, 0.5)] },
    ],
    matmul: matmulSamples(draw),
    reshape: [{ title: '[2, 6] to [3, 4]', attrs: { shape: [3, 4] }, inputs: [normal('x', [2, 6])] }],
    transpose: [
      { title: 'a matrix', attrs: { order: [1, 0] }, inputs: [normal('x', [2, 3])] },
      { title: 'three axes in turn', attrs: { order: [2, 0, 1] }, inputs: [normal('x', [2, 3, 4])] },
    ],
    slice: [
      { title: 'with steps', attrs: { begin: [1, 0], end: [5, 7], step: [2, 3] }, inputs: [normal('x', [6, 7])] },
      { title: 'nothing', attrs: { begin: [1], end: [1], step: [1] }, inputs: [normal('x', [3])] },
    ],
    concat: [
      { title: 'along the first axis', attrs: { axis: 0 }, inputs: [normal('x', [1, 2]), normal('y', [3, 2])] },
      { title: 'along the last axis', attrs: { axis: 1 }, inputs: [normal('x', [2, 1]), normal('y', [2, 3]), normal('z', [2, 2])] },
    ],
    pad: [
      { title: 'around and between', attrs: { low: [1, 0], high: [0, 2], interior: [1, 0], value: 0 }, inputs: [normal('x', [2, 3])] },
      { title: 'with a value', attrs: { low: [2], high: [1], interior: [2], value: 0.5 }, inputs: [normal('x', [3])] },
    ],
    gather: [
      { title: 'rows, some twice', attrs: { axis: 0 }, inputs: [normal('x', [4, 3]), integers(2, 0, 2, 3, 2)] },
      { title: 'columns', attrs: { axis: 1 }, inputs: [normal('x', [2, 4]), integers(3, 0)] },
    ],
    scatterAdd: [
      { title: 'rows, some twice', attrs: { axis: 0, extent: 4 }, inputs: [normal('x', [3, 2]), integers(1, 3, 1)] },
      { title: 'indices out of range', attrs: { axis: 1, extent: 3 }, inputs: [normal('x', [2, 4]), integers(0, -1, 7, 2)] },
    ],
    iota: [{ title: 'columns', attrs: { shape: [2, 3], axis: 1 }, inputs: [] }],
    uniform: [{ title: 'a matrix', attrs: { shape: [3, 5], path: 'dropout1', call: 0 }, inputs: [full([], 7, 'i32'), full([], 2, 'i32')] }],
    linear: [
      { title: 'with a bias', attrs: {}, inputs: [normal('x', [3, 5]), normal('kernel', [5, 2]), normal('bias', [2])] },
      { title: 'without', attrs: {}, inputs: [normal('x', [2, 3]), normal('kernel', [3, 4])] },
    ],
    normalize: normalizeSamples.map(({ title, shape, axes, gamma, epsilon }) => ({
      title,
      attrs: { axes, epsilon },
      inputs: [normal('x', shape, { mean: 3, deviation: 2 }), normal('gamma', gamma), normal('beta', gamma)],
      // The correction is what rounding left of the center: their sum is a number, each of them is an accident.
      combine: ([y, mean, variance, center, correction, reciprocalDeviation]) => [
        y!,
        mean!,
        variance!,
        add(center!, correction!),
        reciprocalDeviation!,
      ],
    })),
    normalizeGradient: normalizeSamples.map(({ title, shape, axes, gamma }) => {
      const statistics = shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
      return {
        title,
        attrs: { axes },
        inputs: [
          normal('x', shape),
          normal('gamma', gamma),
          normal('center', statistics),
          normal('correction', statistics, { deviation: 0.0625 }),
          positive('reciprocalDeviation', statistics),
          normal('dy', shape),
        ],
      };
    }),
    softmax: [
      { title: 'rows', attrs: { axis: 1 }, inputs: [normal('x', [3, 4])] },
      { title: 'columns', attrs: { axis: 0 }, inputs: [normal('x', [3, 2], { deviation: 4 })] },
      { title: 'one class', attrs: { axis: 1 }, inputs: [normal('x', [2, 1])] },
    ],
    logSoftmax: [
      { title: 'rows', attrs: { axis: 1 }, inputs: [normal('x', [3, 4])] },
      { title: 'the middle axis', attrs: { axis: 1 }, inputs: [normal('x', [2, 3, 2])] },
    ],
    softmaxCrossEntropy: [0, 0.125].flatMap((labelSmoothing) => [
      { title: `indices, smoothing ${labelSmoothing}`, attrs: { labelSmoothing }, inputs: [normal('logits', [3, 4]), integers(2, 0, 3)] },
      {
        title: `soft labels, smoothing ${labelSmoothing}`,
        attrs: { labelSmoothing },
        inputs: [normal('logits', [3, 4]), probabilities('target', [3, 4])],
      },
      {
        title: `weighted soft labels, smoothing ${labelSmoothing}`,
        attrs: { labelSmoothing },
        inputs: [normal('logits', [2, 3]), positive('target', [2, 3])],
      },
    ]),
    softmaxCrossEntropyGradient: [0, 0.125].flatMap((labelSmoothing) => [
      {
        title: `indices, smoothing ${labelSmoothing}`,
        attrs: { labelSmoothing },
        inputs: [probabilities('probabilities', [3, 4]), integers(2, 0, 3), normal('dLoss', [3])],
      },
      {
        title: `soft labels, smoothing ${labelSmoothing}`,
        attrs: { labelSmoothing },
        inputs: [probabilities('probabilities', [3, 4]), probabilities('target', [3, 4]), normal('dLoss', [3])],
      },
    ]),
    ...windowSamplesOf(draw),
    stopGradient: [{ title: 'a matrix', attrs: {}, inputs: [normal('x', [2, 3])], stopsGradient: true }],
  };
}

/** The samples of seed 1. */
export const opSamples: OpSamples = opSamplesOf(firstDraw);
