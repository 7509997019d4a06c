// Arguments that people who come from other libraries give to tensor functions: types would forbid them, plain JavaScript does not.
import { expect, test } from 'vitest';
import type { ErrorCode } from '../errors/errors.ts';
import { isNnError } from '../errors/errors.ts';
import type { Tensor } from '../program/tensor.ts';
import { conv2d } from './composites/conv2d.ts';
import { linear } from './composites/linear.ts';
import { normalize } from './composites/normalize.ts';
import { avgPool2d, maxPool2d } from './composites/pool2d.ts';
import { softmax } from './composites/softmax.ts';
import { softmaxCrossEntropy } from './composites/softmaxCrossEntropy.ts';
import { abs, add, cast, elementwise, where } from './elementwise.ts';
import { gradients } from './gradients.ts';
import { matmul } from './products.ts';
import { argMax, logSumExp, max, mean, sum } from './reductions.ts';
import { concat, constant, gather, oneHot, pad, reshape, scatterAdd, slice, transpose } from './shaping.ts';
import { stretchTo } from './stretch.ts';
import { trace } from './trace.ts';

const specs = {
  x: { shape: [2, 3], dtype: 'f32' },
  row: { shape: [1, 3], dtype: 'f32' },
  total: { shape: [], dtype: 'f32' },
  labels: { shape: [2], dtype: 'i32' },
  image: { shape: [1, 4, 4, 1], dtype: 'f32' },
  kernel: { shape: [2, 2, 1, 1], dtype: 'f32' },
} as const;

type Tensors = Readonly<Record<keyof typeof specs, Tensor>>;

/** What is given where the types ask for something else. */
const wrong = (value: unknown): never => value as never;
const host = wrong([[1], [2], [3]]);

type Mistake = [call: string, make: (given: Tensors) => unknown, code: ErrorCode, message: string];

const notTraced = (op: string, given: string): ['trace.invalid', string] => [
  'trace.invalid',
  `${op}: ${given} was given where a traced tensor is needed. Put host arrays into a program with constant(array).`,
];
const perAxis = (given: string): ['shape.mismatch', string] => [
  'shape.mismatch',
  `${given}, but a list with one entry per axis of f32[2, 3] is needed, such as [0, 1].`,
];

test.each<Mistake>([
  ['sum(5)', () => sum(wrong(5)), ...notTraced('sum', '5')],
  ['max(undefined)', () => max(wrong(undefined)), ...notTraced('max', 'undefined')],
  ['mean([1, 2])', () => mean(wrong([1, 2])), ...notTraced('mean', 'an array')],
  ['logSumExp(null)', () => logSumExp(wrong(null)), ...notTraced('logSumExp', 'null')],
  ['argMax(5, 0)', () => argMax(wrong(5), 0), ...notTraced('argMax', '5')],
  ['x.matmul([[…]])', ({ x }) => x.matmul(host), ...notTraced('matmul', 'an array')],
  ['matmul(null, x)', ({ x }) => matmul(wrong(null), x), ...notTraced('matmul', 'null')],
  ['linear(x, [[…]])', ({ x }) => linear(x, host), ...notTraced('linear', 'an array')],
  ['conv2d(image, undefined)', ({ image }) => conv2d(image, wrong(undefined)), ...notTraced('conv2d', 'undefined')],
  ['softmax([1, 2])', () => softmax(wrong([1, 2])), ...notTraced('softmax', 'an array')],
  ['reshape([1, 2], [2, 1])', () => reshape(wrong([1, 2]), [2, 1]), ...notTraced('reshape', 'an array')],
  ['transpose([[…]])', () => transpose(host), ...notTraced('transpose', 'an array')],
  ['transpose(null, [1, 0])', () => transpose(wrong(null), [1, 0]), ...notTraced('transpose', 'null')],
  ['slice(undefined, [0])', () => slice(wrong(undefined), [0]), ...notTraced('slice', 'undefined')],
  ['pad(1, [0], [0])', () => pad(wrong(1), [0], [0]), ...notTraced('pad', '1')],
  ['gather([[…]], labels)', ({ labels }) => gather(host, labels), ...notTraced('gather', 'an array')],
  ['scatterAdd(null, labels, 4)', ({ labels }) => scatterAdd(wrong(null), labels, 4), ...notTraced('scatterAdd', 'null')],
  ['oneHot([0, 1], 2)', () => oneHot(wrong([0, 1]), 2), ...notTraced('oneHot', 'an array')],
  ['stretchTo(1, [2, 3])', () => stretchTo(wrong(1), [2, 3]), ...notTraced('stretchTo', '1')],
  ['concat([x, null], 0)', ({ x }) => concat([x, wrong(null)], 0), ...notTraced('concat', 'null')],
  ['concat([null, x], 0)', ({ x }) => concat([wrong(null), x], 0), ...notTraced('concat', 'null')],
  ['normalize(null, …)', ({ row }) => normalize(wrong(null), row, row, { axes: [0], epsilon: 0 }), ...notTraced('normalize', 'null')],
  ['abs(null)', () => abs(wrong(null)), ...notTraced('abs', 'null')],
  ['x.mul([1, 2, 3])', ({ x }) => x.mul(wrong([1, 2, 3])), ...notTraced('mul', 'an array')],
  ['add(null, x)', ({ x }) => add(wrong(null), x), ...notTraced('add', 'null')],
  ['where(undefined, x, 0)', ({ x }) => where(wrong(undefined), x, 0), ...notTraced('where', 'undefined')],
  ["cast(null, 'i32')", () => cast(wrong(null), 'i32'), ...notTraced('cast', 'null')],
  [
    'elementwise(x, f)',
    ({ x }) =>
      elementwise(
        wrong(x),
        wrong((e: never) => e),
      ),
    ...notTraced('elementwise', 'a function'),
  ],
  ['gradients(5, [x])', ({ x }) => gradients(wrong(5), [x]), ...notTraced('gradients', '5')],
  ['gradients(total, [null])', ({ total }) => gradients(total, [wrong(null)]), ...notTraced('gradients', 'null')],
  ['gradients(total, undefined)', ({ total }) => gradients(total, wrong(undefined)), 'trace.invalid', 'such as [x], not undefined.'],
  ['gradients(total, x)', ({ total, x }) => gradients(total, wrong(x)), 'trace.invalid', 'gradients takes a list of tensors'],
  ['constant(null)', () => constant(wrong(null)), 'dtype.mismatch', 'holds numbers or booleans; this one holds null'],

  ['x.transpose(1, 0)', ({ x }) => Reflect.apply(x.transpose.bind(x), x, [1, 0]), ...perAxis('transpose: the order is 1')],
  ['x.transpose([0])', ({ x }) => x.transpose([0]), ...perAxis('transpose: the order is [0]')],
  ['slice(x, 0, 1)', ({ x }) => slice(x, wrong(0), wrong(1)), ...perAxis('slice: begin is 0')],
  ['slice(x, null)', ({ x }) => slice(x, wrong(null)), ...perAxis('slice: begin is null')],
  [
    'slice(x, …) up to a typed array',
    ({ x }) => slice(x, [0, 0], wrong(Int32Array.of(1, 2))),
    ...perAxis('slice: end is an object of class Int32Array'),
  ],
  ['slice(x, [0], [1])', ({ x }) => slice(x, [0], [1]), ...perAxis('slice: begin is [0]')],
  ['slice(x, [0, 0], 1)', ({ x }) => slice(x, [0, 0], wrong(1)), ...perAxis('slice: end is 1')],
  ['slice(x, [0, 0], [2, 3], 2)', ({ x }) => slice(x, [0, 0], [2, 3], wrong(2)), ...perAxis('slice: step is 2')],
  ['pad(x, 1, 1)', ({ x }) => pad(x, wrong(1), wrong(1)), ...perAxis('pad: low is 1')],
  ['pad(x, …, { interior: 1 })', ({ x }) => pad(x, [0, 0], [1, 1], { interior: wrong(1) }), ...perAxis('pad: interior is 1')],
  [
    'pad(x, …, { value: null })',
    ({ x }) => pad(x, [0, 0], [1, 1], { value: wrong(null) }),
    'config.invalid',
    'pad: value is null; it is a number',
  ],
  ['x.reshape(3, 2)', ({ x }) => Reflect.apply(x.reshape.bind(x), x, [3, 2]), 'shape.invalid', 'such as [2, 3], not 3'],
  [
    'concat(x, x)',
    ({ x }) => concat(wrong(x), wrong(x)),
    'shape.invalid',
    'a list of one tensor or more, as in concat([a, b], 0), not an object',
  ],
  ['concat(null, 0)', () => concat(wrong(null), 0), 'shape.invalid', 'not null'],
  ['concat([], 0)', () => concat([], 0), 'shape.invalid', 'not none'],
  ['concat([x])', ({ x }) => concat([x], wrong(undefined)), 'shape.mismatch', 'concat: axis undefined does not exist'],
  ['scatterAdd(x, labels, 1.5)', ({ x, labels }) => scatterAdd(x, labels, 1.5), 'shape.invalid', 'the extent 1.5'],
  ['scatterAdd(x, labels)', ({ x, labels }) => scatterAdd(x, labels, wrong(undefined)), 'shape.invalid', 'the extent undefined'],

  [
    'avgPool2d(image, null)',
    ({ image }) => avgPool2d(image, wrong(null)),
    'config.invalid',
    'avgPool2d: window is null; it is [rows, columns].',
  ],
  ['maxPool2d(image, 2)', ({ image }) => maxPool2d(image, wrong(2)), 'config.invalid', 'maxPool2d: window is 2; it is [rows, columns].'],
  ['maxPool2d(image, [2])', ({ image }) => maxPool2d(image, wrong([2])), 'config.invalid', 'window is an array; it is [rows, columns].'],
  ['avgPool2d(image, [2, 2], null)', ({ image }) => avgPool2d(image, [2, 2], wrong(null)), 'config.invalid', 'as an object, not null'],
  [
    'strides of a number',
    ({ image }) => maxPool2d(image, [2, 2], { strides: wrong(2) }),
    'config.invalid',
    'maxPool2d: strides is 2; it is [rows',
  ],
  ['strides of null', ({ image, kernel }) => conv2d(image, kernel, { strides: wrong(null) }), 'config.invalid', 'conv2d: strides is null'],
  [
    'dilations of a number',
    ({ image, kernel }) => conv2d(image, kernel, { dilations: wrong(2) }),
    'config.invalid',
    'conv2d: dilations is 2',
  ],
  [
    'an overhang of a number',
    ({ image }) => maxPool2d(image, [2, 2], { overhang: wrong(1) }),
    'config.invalid',
    'maxPool2d: overhang is 1',
  ],
  [
    'padding by its name',
    ({ image, kernel }) => conv2d(image, kernel, { padding: wrong('same') }),
    'config.invalid',
    "conv2d: padding is 'same'; it is [[top, bottom], [left, right]].",
  ],
  ['padding of a number', ({ image }) => maxPool2d(image, [2, 2], { padding: wrong(1) }), 'config.invalid', 'maxPool2d: padding is 1'],
  [
    'padding of a pair',
    ({ image, kernel }) => conv2d(image, kernel, { padding: wrong([1, 1]) }),
    'config.invalid',
    'padding[0] is 1; it is [before, after].',
  ],
  [
    'countPadding of a number',
    ({ image }) => avgPool2d(image, [2, 2], { countPadding: wrong(1) }),
    'config.invalid',
    'countPadding is 1; it is true or false',
  ],

  ['keepDims of a number', ({ x }) => sum(x, 0, { keepDims: wrong(1) }), 'config.invalid', 'sum: keepDims is 1; it is true or false'],
  [
    'transposeB of a text',
    ({ x }) => matmul(x, x, { transposeB: wrong('yes') }),
    'config.invalid',
    "matmul: transposeB is 'yes'; it is true or false",
  ],
  [
    'smoothing by position',
    ({ x, labels }) => softmaxCrossEntropy(x, labels, wrong(0.1)),
    'config.invalid',
    'softmaxCrossEntropy takes its options as an object, not 0.1',
  ],
  ['smoothing as null', ({ x, labels }) => softmaxCrossEntropy(x, labels, wrong(null)), 'config.invalid', 'as an object, not null'],
  [
    'smoothing by another name',
    ({ x, labels }) => softmaxCrossEntropy(x, labels, wrong({ labelSmooth: 0.1 })),
    'config.unknown',
    'Did you mean "labelSmoothing"?',
  ],
  [
    'normalize(x, …, null)',
    ({ x, row }) => normalize(x, row, row, wrong(null)),
    'config.invalid',
    'normalize takes its options as an object, not null',
  ],
  [
    'an axis in place of axes',
    ({ x, row }) => normalize(x, row, row, wrong({ axis: 0, epsilon: 0 })),
    'config.unknown',
    'Did you mean "axes"?',
  ],
  ['no epsilon', ({ x, row }) => normalize(x, row, row, wrong({ axes: [0] })), 'config.invalid', 'normalize: epsilon is undefined'],
])('%s', (_call, make, code, message) => {
  let thrown: unknown;
  trace(specs, (given) => {
    try {
      make(given);
    } catch (error) {
      thrown = error;
    }
    return given.x;
  });
  expect(isNnError(thrown), String(thrown)).toBe(true);
  expect(thrown).toMatchObject({ code, message: expect.stringContaining(message) as string });
});

test('numbers that are given as lists or typed arrays are constants', () => {
  const program = trace(specs, ({ x }) => add(add(x, constant([1, 2, 3])), constant(Float32Array.of(4, 5, 6))));
  expect(Object.values(program.constants).map((array) => array.toArray())).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
});
