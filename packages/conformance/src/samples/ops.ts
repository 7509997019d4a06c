// Calls to try each op with: every kind of attribute, ordinary and odd shapes, values where the op is smooth. The table is typed by the
// op table: a new op without samples does not compile.
import type {
  Attrs,
  CompositeAttrs,
  CompositeName,
  MapAttrs,
  NdArray,
  OpName,
  PrimitiveAttrs,
  PrimitiveName,
  ReduceKind,
  Tensor,
} from '@nn/core';
import { add, full, scalar } from '@nn/core';
import { integers, normal, numbers, positive, probabilities } from './arrays.ts';
import type { ExpressionSample } from './scalars.ts';
import { binarySamples, comparisonSamples, composedSamples, unarySamples } from './scalars.ts';

/** Attributes of an op, by its name. */
export type AttrsOf<Name extends OpName> = Name extends PrimitiveName
  ? PrimitiveAttrs[Name]
  : Name extends CompositeName
    ? CompositeAttrs[Name]
    : never;

/** One call of an op. */
export interface OpSample<A = Attrs> {
  readonly title: string;
  readonly attrs: A;
  readonly inputs: readonly NdArray[];
  /** For results that mean something together only: what of them is looked at. */
  readonly combine?: (results: readonly Tensor[]) => readonly Tensor[];
  /** Inputs that it is smooth in; all f32 ones by default. */
  readonly differentiatedBy?: readonly number[];
  /** The gradient is zero whatever the derivative is, on purpose. */
  readonly stopsGradient?: boolean;
}

/** f32 [1, n, n, 1] */
function imageOf(...values: readonly number[]): NdArray {
  const extent = Math.sqrt(values.length);
  return numbers(...values).reshape([1, extent, extent, 1]);
}

const [a, b] = [scalar.input(0, 'f32'), scalar.input(1, 'f32')];

const mapSamples: readonly OpSample<MapAttrs>[] = [
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

const reduceSamples = (['sum', 'max', 'min', 'prod'] as const satisfies readonly ReduceKind[]).flatMap((kind) =>
  [[0], [1], [2], [0, 2], [0, 1, 2], []].map((axes) => ({
    title: `${kind} over ${axes.length === 0 ? 'no axis' : `axes ${axes.join(', ')}`}`,
    attrs: { kind, axes },
    inputs: [normal(`${kind} ${axes.join()}`, [3, 1, 4])],
  })),
);

const matmulSamples = [
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

interface Sliding {
  readonly title: string;
  readonly x: readonly number[];
  readonly strides: Pair;
  readonly padding: readonly [Pair, Pair];
  readonly dilations: Pair;
}

type Pair = readonly [number, number];
const noPadding = [
  [0, 0],
  [0, 0],
] as const;

/** Convolutions with the shape of what they give. */
const convolutions: readonly (Sliding & {
  readonly kernel: readonly [number, number, number, number];
  readonly y: readonly number[];
  readonly groups: number;
})[] = [
  {
    title: 'plain',
    x: [2, 4, 3, 2],
    kernel: [2, 2, 2, 3],
    y: [2, 3, 2, 3],
    strides: [1, 1],
    padding: noPadding,
    dilations: [1, 1],
    groups: 1,
  },
  {
    title: 'strides and padding',
    x: [1, 5, 4, 2],
    kernel: [3, 2, 2, 2],
    y: [1, 3, 4, 2],
    strides: [2, 1],
    padding: [
      [1, 1],
      [0, 1],
    ],
    dilations: [1, 1],
    groups: 1,
  },
  {
    title: 'dilation and groups',
    x: [1, 5, 5, 4],
    kernel: [2, 3, 2, 2],
    y: [1, 3, 2, 2],
    strides: [1, 2],
    padding: noPadding,
    dilations: [2, 1],
    groups: 2,
  },
  {
    title: 'a kernel per channel',
    x: [1, 3, 3, 3],
    kernel: [2, 2, 1, 6],
    y: [1, 2, 2, 6],
    strides: [1, 1],
    padding: noPadding,
    dilations: [1, 1],
    groups: 3,
  },
];

const convolutionSamples = convolutions.map(({ title, x, kernel, y, ...rest }) => ({
  title,
  arrays: { x: normal('x', x), kernel: normal('kernel', kernel), dy: normal('dy', y) },
  attrs: { ...rest, window: [kernel[0], kernel[1]] as const },
  image: { height: x[1]!, width: x[2]! },
}));

const pools: readonly (Sliding & { readonly window: Pair; readonly overhang: Pair })[] = [
  { title: 'side by side', x: [1, 4, 4, 2], window: [2, 2], strides: [2, 2], padding: noPadding, dilations: [1, 1], overhang: [0, 0] },
  {
    title: 'overlapping, with padding',
    x: [2, 3, 5, 1],
    window: [3, 2],
    strides: [1, 2],
    padding: [
      [1, 1],
      [0, 1],
    ],
    dilations: [1, 1],
    overhang: [0, 0],
  },
  {
    title: 'reaching over the end',
    x: [1, 5, 5, 1],
    window: [2, 2],
    strides: [2, 2],
    padding: noPadding,
    dilations: [1, 1],
    overhang: [1, 1],
  },
];

const poolSamples = pools.map(({ title, x, ...attrs }) => ({ title, attrs, inputs: [normal('x', x)] }));

/** Samples of every op. */
export type OpSamples = { readonly [Name in OpName]: readonly OpSample<AttrsOf<Name>>[] };

export const opSamples: OpSamples = {
  map: mapSamples,
  reduce: [...reduceSamples, { title: 'prod with a zero', attrs: { kind: 'prod', axes: [0] }, inputs: [numbers(1.5, 0, -2.25, 0.5)] }],
  matmul: matmulSamples,
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
  conv2d: convolutionSamples.map(({ title, attrs, arrays }) => ({ title, attrs, inputs: [arrays.x, arrays.kernel] })),
  conv2dInputGradient: convolutionSamples.map(({ title, attrs, arrays, image }) => ({
    title,
    attrs: { ...attrs, ...image },
    inputs: [arrays.kernel, arrays.dy],
  })),
  conv2dKernelGradient: convolutionSamples.map(({ title, attrs, arrays }) => ({ title, attrs, inputs: [arrays.x, arrays.dy] })),
  maxPool2d: poolSamples,
  maxPool2dGradient: [
    {
      title: 'overlapping windows',
      attrs: { window: [2, 2], strides: [1, 1], padding: noPadding, dilations: [1, 1], overhang: [0, 0] },
      // x, its largest elements under the windows, and dy. The first two are compared for equality, which has no derivative.
      inputs: [imageOf(9, 1, 8, 2, 3, 4, 7, 5, 6), imageOf(9, 8, 7, 6), imageOf(0.5, -1.25, 2, 0.75)],
      differentiatedBy: [2],
    },
  ],
  avgPool2d: poolSamples.flatMap(({ title, attrs, inputs }) => [
    { title, attrs: { ...attrs, countPadding: true }, inputs },
    { title: `${title}, elements only`, attrs: { ...attrs, countPadding: false }, inputs },
  ]),
  stopGradient: [{ title: 'a matrix', attrs: {}, inputs: [normal('x', [2, 3])], stopsGradient: true }],
};
