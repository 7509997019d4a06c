// ONNX operators where their versions and attributes differ from what the toolkit does by itself.
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import type { GoldenCase, GoldenConfig, GoldenTensor } from '../format.ts';
import { runCase } from '../run.ts';

const array = (shape: readonly number[], ...data: GoldenTensor['data']): GoldenTensor => ({ shape, data });
const row = (...data: GoldenTensor['data']): GoldenTensor => array([data.length], ...data);
const integers = (...data: readonly number[]): GoldenTensor => ({ ...row(...data), dtype: 'int64' });

interface Node {
  readonly opset?: number;
  readonly config?: GoldenConfig;
  /** null for one that is left out. */
  readonly inputs: readonly (GoldenTensor | null)[];
  readonly outputs: readonly GoldenTensor[];
}

function run(op: string, { opset = 22, config = {}, inputs, outputs }: Node) {
  const named = (prefix: string, tensors: Node['inputs']): Record<string, GoldenTensor> =>
    Object.fromEntries(tensors.flatMap((tensor, index) => (tensor === null ? [] : [[`${prefix}${index}`, tensor]])));
  const golden: GoldenCase = {
    id: `onnx/${op}`,
    op,
    opset,
    config,
    inputs: named('x', inputs),
    inputOrder: inputs.map((tensor, index) => (tensor === null ? '' : `x${index}`)),
    outputs: named('y', outputs),
    outputOrder: outputs.map((_, index) => `y${index}`),
    tol: { outputs: { '*': { rtol: 1e-6, atol: 1e-6 } } },
  };
  return runCase(golden, referenceBackend(), { factor: 1 });
}

type Case = readonly [title: string, op: string, node: Node];

const x23 = array([2, 3], 1, 2, 3, 4, 5, 6);
const image = array([1, 1, 2, 2], 1, 4, 3, 2);

const elementwise: readonly Case[] = [
  ['limits from above only', 'Clip', { inputs: [row(-3, 0, 3), null, array([], 1)], outputs: [row(-3, 0, 1)] }],
  ['limits as attributes', 'Clip', { opset: 6, config: { min: -1 }, inputs: [row(-3, 0, 3)], outputs: [row(-1, 0, 3)] }],
  ['a slope per channel', 'PRelu', { opset: 6, inputs: [array([1, 2, 1], -1, -1), row(2, 3)], outputs: [array([1, 2, 1], -2, -3)] }],
  ['a slope by NumPy’s rule', 'PRelu', { inputs: [array([1, 2], -1, -1), row(2, 3)], outputs: [array([1, 2], -2, -3)] }],
  ['constants of its own', 'Selu', { config: { alpha: 2, gamma: 3 }, inputs: [row(1, -1000)], outputs: [row(3, -6)] }],
  [
    'an operand along an axis',
    'Add',
    { opset: 6, config: { axis: 0 }, inputs: [x23, row(10, 20)], outputs: [array([2, 3], 11, 12, 13, 24, 25, 26)] },
  ],
  ['three operands', 'Mean', { inputs: [row(1), row(2), row(6)], outputs: [row(3)] }],
  ['integers', 'Max', { inputs: [integers(1, 5), integers(3, 2)], outputs: [integers(3, 5)] }],
];

const reductions: readonly Case[] = [
  [
    'axes as an attribute',
    'ReduceL2',
    { opset: 11, config: { axes: [-1], keepdims: 0 }, inputs: [array([1, 2], 3, 4)], outputs: [row(5)] },
  ],
  ['no axes, which are all', 'ReduceSum', { inputs: [x23, integers()], outputs: [array([1, 1], 21)] }],
  ['no axes, which are none', 'ReduceSumSquare', { config: { noop_with_empty_axes: 1 }, inputs: [row(2, 3)], outputs: [row(4, 9)] }],
  ['of nothing', 'ReduceMax', { inputs: [array([2, 0]), integers(1)], outputs: [array([2, 1], '-Infinity', '-Infinity')] }],
  ['of nothing', 'ReduceMin', { inputs: [array([0]), integers(0)], outputs: [row('Infinity')] }],
  ['of nothing', 'ReduceLogSumExp', { inputs: [array([0]), integers(0)], outputs: [row('-Infinity')] }],
  ['the last of equals', 'ArgMax', { config: { select_last_index: 1, keepdims: 0 }, inputs: [row(2, 7, 7, 1)], outputs: [array([], 2)] }],
  ['the first of equals', 'ArgMin', { config: { axis: 1 }, inputs: [array([1, 3], 2, 1, 1)], outputs: [array([1, 1], 1)] }],
  [
    'all axes from one on',
    'Softmax',
    { opset: 11, inputs: [array([1, 2, 2], 0, 0, 0, 0)], outputs: [array([1, 2, 2], 0.25, 0.25, 0.25, 0.25)] },
  ],
  ['one axis', 'Softmax', { config: { axis: 1 }, inputs: [array([1, 2, 2], 0, 0, 0, 0)], outputs: [array([1, 2, 2], 0.5, 0.5, 0.5, 0.5)] }],
  ['one hot', 'Hardmax', { inputs: [array([1, 3], 1, 3, 2)], outputs: [array([1, 3], 0, 1, 0)] }],
  [
    'scaled, transposed',
    'Gemm',
    { config: { alpha: 2, beta: 10, transA: 1 }, inputs: [array([2, 1], 1, 2), array([2, 1], 3, 4), row(1)], outputs: [array([1, 1], 32)] },
  ],
  ['two vectors', 'MatMul', { inputs: [row(1, 2), row(3, 4)], outputs: [array([], 11)] }],
];

const windows: readonly Case[] = [
  [
    'more padding before',
    'Conv',
    { config: { auto_pad: 'SAME_LOWER' }, inputs: [array([1, 1, 2], 1, 2), array([1, 1, 2], 1, 10)], outputs: [array([1, 1, 2], 10, 21)] },
  ],
  [
    'more padding after',
    'Conv',
    {
      config: { auto_pad: 'SAME_UPPER' },
      inputs: [array([1, 1, 2], 1, 2), array([1, 1, 2], 1, 10), row(5)],
      outputs: [array([1, 1, 2], 26, 7)],
    },
  ],
  [
    'three axes',
    'Conv',
    {
      config: { pads: [1, 0, 0, 0, 0, 0] },
      inputs: [array([1, 1, 2, 1, 2], 1, 2, 3, 4), array([1, 1, 2, 1, 1], 1, 10)],
      outputs: [array([1, 1, 2, 1, 2], 10, 20, 31, 42)],
    },
  ],
  [
    'with strides',
    'ConvTranspose',
    { config: { strides: [2] }, inputs: [array([1, 1, 2], 1, 2), array([1, 1, 2], 1, 10)], outputs: [array([1, 1, 4], 1, 10, 2, 20)] },
  ],
  [
    'with a longer output',
    'ConvTranspose',
    {
      config: { strides: [2], output_padding: [1], pads: [1, 0] },
      inputs: [array([1, 1, 2], 1, 2), array([1, 1, 2], 1, 10)],
      outputs: [array([1, 1, 4], 10, 2, 20, 0)],
    },
  ],
  [
    'where the largest are',
    'MaxPool',
    {
      config: { kernel_shape: [2, 2], pads: [0, 0, 1, 1] },
      inputs: [image],
      outputs: [array([1, 1, 2, 2], 4, 4, 3, 2), array([1, 1, 2, 2], 1, 1, 2, 3)],
    },
  ],
  [
    'columns first',
    'MaxPool',
    {
      config: { kernel_shape: [2, 1], storage_order: 1 },
      inputs: [image],
      outputs: [array([1, 1, 1, 2], 3, 4), array([1, 1, 1, 2], 1, 2)],
    },
  ],
  [
    'with gaps',
    'MaxPool',
    { config: { kernel_shape: [2], dilations: [2] }, inputs: [array([1, 1, 4], 5, 1, 2, 3)], outputs: [array([1, 1, 2], 5, 3)] },
  ],
  [
    'past the end',
    'MaxPool',
    { config: { kernel_shape: [2], strides: [2], ceil_mode: 1 }, inputs: [array([1, 1, 3], 5, 1, -2)], outputs: [array([1, 1, 2], 5, -2)] },
  ],
  [
    'three axes',
    'AveragePool',
    { config: { kernel_shape: [1, 2, 2] }, inputs: [array([1, 1, 1, 2, 2], 1, 2, 3, 6)], outputs: [array([1, 1, 1, 1, 1], 3)] },
  ],
  [
    'with gaps and padding',
    'AveragePool',
    { config: { kernel_shape: [2], dilations: [2], pads: [1, 1] }, inputs: [array([1, 1, 2], 2, 6)], outputs: [array([1, 1, 2], 6, 2)] },
  ],
  [
    'with padding that counts',
    'AveragePool',
    {
      config: { kernel_shape: [2], dilations: [2], pads: [1, 1], count_include_pad: 1 },
      inputs: [array([1, 1, 2], 2, 6)],
      outputs: [array([1, 1, 2], 3, 1)],
    },
  ],
];

const thirds = Math.sqrt(2 / 3);
const normalization: readonly Case[] = [
  [
    'in training',
    'BatchNormalization',
    {
      config: { training_mode: 1, epsilon: 0, momentum: 0.75 },
      inputs: [array([2, 1], 1, 3), row(2), row(1), row(8), row(4)],
      outputs: [array([2, 1], -1, 3), row(6.5), row(3.25)],
    },
  ],
  [
    'a parameter per group',
    'GroupNormalization',
    { opset: 18, config: { num_groups: 1, epsilon: 0 }, inputs: [array([1, 2], 1, 3), row(2), row(1)], outputs: [array([1, 2], -1, 3)] },
  ],
  [
    'a parameter per channel',
    'GroupNormalization',
    { config: { num_groups: 1, epsilon: 0 }, inputs: [array([1, 2], 1, 3), row(2, 3), row(0, 1)], outputs: [array([1, 2], -2, 4)] },
  ],
  [
    'the mean and the reciprocal deviation',
    'LayerNormalization',
    {
      config: { epsilon: 0 },
      inputs: [array([1, 3], 1, 2, 3), row(thirds, 1, thirds)],
      outputs: [array([1, 3], -1, 0, 1), array([1, 1], 2), array([1, 1], 1 / thirds)],
    },
  ],
  ['of nothing but zeros', 'LpNormalization', { inputs: [array([2, 2], 3, 4, 0, 0)], outputs: [array([2, 2], 0.6, 0.8, 0, 0)] }],
  [
    'no channel before the first',
    'LRN',
    { config: { size: 2, alpha: 2, beta: 1 }, inputs: [array([1, 2, 1], 1, 2)], outputs: [array([1, 2, 1], 1 / 6, 2 / 5)] },
  ],
];

const training: readonly Case[] = [
  [
    'weights and a class to ignore',
    'NegativeLogLikelihoodLoss',
    {
      config: { ignore_index: -1 },
      inputs: [array([1, 2, 3], -1, -2, -3, -4, -5, -6), array([1, 3], 0, -1, 1), row(1, 3)],
      outputs: [array([], 19 / 4)],
    },
  ],
  [
    'log-probabilities',
    'SoftmaxCrossEntropyLoss',
    {
      config: { reduction: 'none' },
      inputs: [array([1, 2], 7, 7), integers(1)],
      outputs: [row(Math.LN2), array([1, 2], -Math.LN2, -Math.LN2)],
    },
  ],
  ['a given mask', 'Dropout', { inputs: [row(1, 2, 3), array([], 0.75), array([], 1)], outputs: [row(4, 0, 12), row(1, 0, 1)] }],
  ['no mask', 'Dropout', { inputs: [row(1, 2, 3), array([], 0.5), array([], 1)], outputs: [row(0, 4, 0)] }],
  ['inference', 'Dropout', { opset: 7, config: { ratio: 0.9 }, inputs: [row(1, 2)], outputs: [row(1, 2)] }],
  [
    'the first step of two parameters',
    'Momentum',
    {
      config: { alpha: 0.5, beta: 0.25, mode: 'nesterov', norm_coefficient: 0 },
      inputs: [array([], 0.1), integers(0), row(1), row(2), row(4), row(8), row(2), row(6)],
      outputs: [row(0.35), row(0.65), row(5), row(11)],
    },
  ],
  [
    'later steps',
    'Adam',
    {
      config: { alpha: 0.5, beta: 0.75, epsilon: 0, norm_coefficient: 0, norm_coefficient_post: 0.5 },
      inputs: [array([], 1), integers(1), row(6), row(2), row(4), row(4)],
      outputs: [row(2.25), row(3), row(4)],
    },
  ],
  [
    'a rate that decays',
    'Adagrad',
    { config: { decay_factor: 1, epsilon: 0 }, inputs: [array([], 1), integers(1), row(2), row(3), row(16)], outputs: [row(1.7), row(25)] },
  ],
];

const shaping: readonly Case[] = [
  ['kept and remaining extents', 'Reshape', { inputs: [x23, integers(0, -1, 1)], outputs: [array([2, 3, 1], 1, 2, 3, 4, 5, 6)] }],
  ['at the end', 'Flatten', { config: { axis: 2 }, inputs: [x23], outputs: [array([6, 1], 1, 2, 3, 4, 5, 6)] }],
  ['a named axis', 'Squeeze', { inputs: [array([1, 1, 2], 1, 2), integers(0)], outputs: [array([1, 2], 1, 2)] }],
  ['from the end', 'Unsqueeze', { inputs: [row(1, 2), integers(0, -1)], outputs: [array([1, 2, 1], 1, 2)] }],
  ['reversed', 'Transpose', { inputs: [x23], outputs: [array([3, 2], 1, 4, 2, 5, 3, 6)] }],
  [
    'beyond the end, in steps',
    'Slice',
    { inputs: [x23, integers(-3), integers(1000), integers(1), integers(2)], outputs: [array([2, 2], 1, 3, 4, 6)] },
  ],
  ['cut off at one side', 'Pad', { inputs: [row(1, 2, 3), integers(-1, 1), array([], 7)], outputs: [row(2, 3, 7)] }],
  [
    'indices in rows, from the end',
    'Gather',
    { config: { axis: 1 }, inputs: [x23, { ...array([1, 2], -1, 0), dtype: 'int64' }], outputs: [array([2, 1, 2], 3, 1, 6, 4)] },
  ],
  [
    'an index for each element',
    'GatherElements',
    { config: { axis: 1 }, inputs: [x23, { ...array([2, 1], 2, -3), dtype: 'int64' }], outputs: [array([2, 1], 3, 4)] },
  ],
  ['to more axes', 'Expand', { inputs: [array([2, 1], 1, 2), integers(1, 2, 2)], outputs: [array([1, 2, 2], 1, 1, 2, 2)] }],
];

describe.each(Object.entries({ elementwise, reductions, windows, normalization, training, shaping }))('ONNX operators: %s', (_, cases) => {
  it.each(cases)('%s: %s', async (_title, op, node) => {
    expect(await run(op, node)).toMatchObject({ status: 'pass' });
  });
});

describe('a case', () => {
  it('fails for a wrong value, and for a result that is not its mask times x', async () => {
    expect(await run('MatMul', { inputs: [row(1, 2), row(3, 4)], outputs: [array([], 12)] })).toMatchObject({ status: 'fail' });
    expect(await run('Dropout', { inputs: [row(1, 2), array([], 0.5), array([], 1)], outputs: [row(2, 2)] })).toMatchObject({
      status: 'fail',
    });
  });

  it.each<[string, string, Node]>([
    ['the op Einsum', 'Einsum', { inputs: [row(1)], outputs: [row(1)] }],
    ['padding of mode reflect', 'Pad', { config: { mode: 'reflect' }, inputs: [row(1), integers(1, 1)], outputs: [row(1)] }],
    ['slices backwards', 'Slice', { inputs: [row(1), integers(0), integers(-2), integers(0), integers(-1)], outputs: [row(1)] }],
    ['arrays of the dtype complex64', 'Relu', { inputs: [{ ...row(1), dtype: 'complex64' }], outputs: [row(1)] }],
    ['int64 beyond 32 bits', 'Relu', { inputs: [integers(2 ** 40)], outputs: [row(1)] }],
    ['output 1 of Relu', 'Relu', { inputs: [row(1)], outputs: [row(1), row(1)] }],
  ])('waits for %s', async (reason, op, node) => {
    expect(await run(op, node)).toMatchObject({ status: 'waiting', reason });
  });

  it('that lacks an input is no case', async () => {
    expect(await run('Conv', { inputs: [row(1)], outputs: [row(1)] })).toMatchObject({
      status: 'fail',
      reason: expect.stringContaining('onnx/Conv has no input 1'),
    });
  });
});
