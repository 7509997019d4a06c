// What each op accepts, and that what it refuses is refused by name before anything runs.
import { describe, expect, test } from 'vitest';
import type { TensorSpec } from '../array/dtype.ts';
import { specText } from '../array/dtype.ts';
import type { Attrs } from '../program/program.ts';
import * as scalar from '../scalar/index.ts';
import { language } from './trace.ts';

const f32 = (...shape: number[]): TensorSpec => ({ shape, dtype: 'f32' });
const i32 = (...shape: number[]): TensorSpec => ({ shape, dtype: 'i32' });
const u8 = (...shape: number[]): TensorSpec => ({ shape, dtype: 'u8' });
const sumOfTwo = { expression: scalar.add(scalar.input(0, 'f32'), scalar.input(1, 'f32')) };
const both = { transposeA: false, transposeB: false };

type Accepted = [op: string, inputs: TensorSpec[], attrs: Attrs, outputs: string[]];

test.each<Accepted>([
  ['map', [f32(2, 1), f32(1, 3)], sumOfTwo, ['f32[2, 3]']],
  ['map', [f32(2, 3), f32()], sumOfTwo, ['f32[2, 3]']],
  ['map', [u8(4), f32(4)], sumOfTwo, ['f32[4]']],
  ['map', [f32(0, 3), f32(1, 3)], sumOfTwo, ['f32[0, 3]']],
  ['reduce', [f32(2, 3, 4)], { kind: 'sum', axes: [0, 2] }, ['f32[1, 3, 1]']],
  ['reduce', [i32(5)], { kind: 'min', axes: [0] }, ['i32[1]']],
  ['reduce', [f32(0, 2)], { kind: 'sum', axes: [0] }, ['f32[1, 2]']],
  ['matmul', [f32(2, 1, 3, 4), f32(1, 5, 4, 6)], both, ['f32[2, 5, 3, 6]']],
  ['matmul', [f32(4, 3), f32(6, 4)], { transposeA: true, transposeB: true }, ['f32[3, 6]']],
  ['matmul', [f32(2, 0), f32(0, 3)], both, ['f32[2, 3]']],
  ['reshape', [f32(2, 3)], { shape: [6, 1] }, ['f32[6, 1]']],
  ['transpose', [u8(2, 3, 4)], { order: [2, 0, 1] }, ['u8[4, 2, 3]']],
  ['slice', [f32(7)], { begin: [1], end: [7], step: [3] }, ['f32[2]']],
  ['concat', [f32(2, 3), f32(2, 0), f32(2, 1)], { axis: 1 }, ['f32[2, 4]']],
  ['pad', [f32(3)], { low: [1], high: [2], interior: [1], value: 0 }, ['f32[8]']],
  ['pad', [f32(0)], { low: [1], high: [2], interior: [5], value: 0 }, ['f32[3]']],
  ['gather', [u8(9, 4), i32(2)], { axis: 0 }, ['u8[2, 4]']],
  ['scatterAdd', [f32(2, 4), i32(2)], { axis: 0, extent: 9 }, ['f32[9, 4]']],
  ['iota', [], { shape: [2, 3], axis: 1 }, ['i32[2, 3]']],
  ['uniform', [i32(), i32()], { shape: [5], path: 'dropout1', call: 0 }, ['f32[5]']],
  ['linear', [f32(5, 3), f32(3, 2), f32(2)], {}, ['f32[5, 2]']],
  ['softmaxCrossEntropy', [f32(5, 3), i32(5)], { labelSmoothing: 0 }, ['f32[5]', 'f32[5, 3]']],
])('%s of %j gives what its inputs imply', (op, inputs, attrs, outputs) => {
  expect(language.infer(op, inputs, attrs).map(specText)).toEqual(outputs);
});

type Refused = [why: string, op: string, inputs: TensorSpec[], attrs: Attrs, code: string, message: RegExp];

describe('refuses', () => {
  test.each<Refused>([
    [
      'extents that do not fit',
      'map',
      [f32(2, 3), f32(2, 4)],
      sumOfTwo,
      'shape.mismatch',
      /map: shapes \[2, 3\] and \[2, 4\].*axis 1 has 3 and 4/,
    ],
    [
      'a dtype the expression does not read',
      'map',
      [f32(2), i32(2)],
      sumOfTwo,
      'dtype.mismatch',
      /reads input 1 as f32, but it is i32\[2\].*cast/,
    ],
    ['too few inputs', 'map', [f32(2)], sumOfTwo, 'format.invalid', /reads input 1, but there are 1 inputs/],
    ['the maximum of nothing', 'reduce', [f32(0, 2)], { kind: 'max', axes: [0] }, 'shape.mismatch', /axis 0 .* is empty/],
    ['an axis that is not there', 'reduce', [f32(2)], { kind: 'sum', axes: [1] }, 'shape.mismatch', /axis 1 does not exist/],
    ['sums of booleans', 'reduce', [{ shape: [2], dtype: 'bool' }], { kind: 'sum', axes: [0] }, 'dtype.mismatch', /f32 or i32 is needed/],
    ['inner extents that differ', 'matmul', [f32(2, 3), f32(4, 5)], both, 'shape.mismatch', /inner extents 3 and 4 differ/],
    ['a product of integers', 'matmul', [i32(2, 3), f32(3, 5)], both, 'dtype.mismatch', /left operand is i32\[2, 3\]/],
    ['a product of vectors', 'matmul', [f32(3), f32(3)], both, 'shape.mismatch', /same rank of 2 or more/],
    ['a shape of another size', 'reshape', [f32(2, 3)], { shape: [7] }, 'shape.mismatch', /6 elements, which do not fit the shape \[7\]/],
    ['an order that repeats an axis', 'transpose', [f32(2, 3)], { order: [0, 0] }, 'shape.invalid', /does not name each axis/],
    ['a slice beyond the end', 'slice', [f32(4)], { begin: [0], end: [5], step: [1] }, 'shape.mismatch', /axis 0 of f32\[4\]/],
    ['a step of zero', 'slice', [f32(4)], { begin: [0], end: [4], step: [0] }, 'shape.mismatch', /step ≥ 1/],
    ['concatenation of other dtypes', 'concat', [f32(2), i32(2)], { axis: 0 }, 'dtype.mismatch', /differ in dtype/],
    ['concatenation of nothing', 'concat', [], { axis: 0 }, 'shape.invalid', /one input or more/],
    ['negative padding', 'pad', [f32(2)], { low: [-1], high: [0], interior: [0], value: 0 }, 'shape.invalid', /use slice/],
    ['float indices', 'gather', [f32(3, 2), f32(2)], { axis: 0 }, 'dtype.mismatch', /indices is f32\[2\], but i32/],
    ['updates without index', 'scatterAdd', [f32(3, 2), i32(2)], { axis: 0, extent: 5 }, 'shape.mismatch', /3 updates .* 2 indices/],
    ['a fractional extent', 'iota', [], { shape: [1.5], axis: 0 }, 'shape.invalid', /extent 1.5/],
    ['an array above 2³¹ elements', 'iota', [], { shape: [65536, 65536], axis: 0 }, 'shape.invalid', /at most 2147483647/],
    ['a seed that is no scalar', 'uniform', [i32(1), i32()], { shape: [2], path: '', call: 0 }, 'shape.mismatch', /the seed/],
    ['a transposed kernel', 'linear', [f32(5, 3), f32(2, 3)], {}, 'shape.mismatch', /takes 2 features.*transposed/],
    ['one-hot labels as integers', 'softmaxCrossEntropy', [f32(5, 3), i32(5, 3)], { labelSmoothing: 0 }, 'shape.mismatch', /class indices/],
    ['labels as bytes', 'softmaxCrossEntropy', [f32(5, 3), u8(5)], { labelSmoothing: 0 }, 'dtype.mismatch', /i32 \[5\] \(class indices\)/],
    [
      'smoothing above 1',
      'softmaxCrossEntropy',
      [f32(5, 3), i32(5)],
      { labelSmoothing: 1.5 },
      'config.invalid',
      /of at least 0 and up to 1/,
    ],
    [
      'gamma of another size',
      'normalize',
      [f32(5, 3), f32(1, 4), f32(1, 4)],
      { axes: [0], epsilon: 0 },
      'shape.mismatch',
      /gamma is f32\[1, 4\]/,
    ],
    ['a negative epsilon', 'normalize', [f32(5, 3), f32(1, 3), f32(1, 3)], { axes: [0], epsilon: -1 }, 'config.invalid', /epsilon is -1/],
    ['an op that does not exist', 'matmull', [], {}, 'format.invalid', /Did you mean "matmul"/],
  ])('%s', (_why, op, inputs, attrs, code, message) => {
    const attempt = (): unknown => language.infer(op, inputs, attrs);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ code }));
  });
});
