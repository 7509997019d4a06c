import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TypedArray } from '../array/dtype.ts';
import { allocateTyped } from '../array/dtype.ts';
import { ConfigError, DTypeError, ShapeError } from '../errors/errors.ts';
import type { BlockInput } from './blockInputs.ts';
import { compileBlocks } from './blocks.ts';
import { add, constant, exp, input, mul, select, greater } from './build.ts';
import { elu } from './activations.ts';
import { evaluate } from './evaluate.ts';
import { expressions, inputTypes, values } from './testing/arbitraries.ts';
import type { Expr, ScalarType } from './types.ts';

const x = input(0, 'f32');
const y = input(1, 'f32');

const dense = (data: TypedArray, columns: number, offset = 0): BlockInput => ({ data, offset, rowStride: columns, columnStride: 1 });

/** What `run` must give, element by element. */
function expected(expression: Expr, inputs: readonly BlockInput[], rows: number, columns: number): number[] {
  return Array.from({ length: rows * columns }, (_, position) => {
    const [row, column] = [Math.floor(position / columns), position % columns];
    const elements = inputs.map(({ data, offset, rowStride, columnStride }) => data[offset + row * rowStride + column * columnStride]!);
    return evaluate(expression, elements, 'f32');
  });
}

function computed(expression: Expr, inputs: readonly BlockInput[], rows: number, columns: number): number[] {
  const output = allocateTyped(expression.type, rows * columns);
  compileBlocks(expression).run(inputs, output, 0, rows, columns);
  return [...output];
}

/** Random elements repeated over `length`: few draws make long arrays. */
const filled = (type: ScalarType, length: number): fc.Arbitrary<TypedArray> =>
  fc.array(values[type], { minLength: 7, maxLength: 7 }).map((drawn) => {
    const data = allocateTyped(type, length);
    for (let index = 0; index < length; index++) data[index] = drawn[(index * 5 + (index >> 3)) % 7]!;
    return data;
  });

const layouts = (rows: number, columns: number): readonly { rowStride: number; columnStride: number }[] => [
  { rowStride: columns, columnStride: 1 },
  { rowStride: 0, columnStride: 0 },
  { rowStride: 0, columnStride: 1 },
  { rowStride: 1, columnStride: 0 },
  { rowStride: 1, columnStride: rows },
  { rowStride: 2 * columns, columnStride: 2 },
];

describe('compileBlocks', () => {
  it('equals evaluate in float32 to the last bit, for every kind of node and layout of inputs', () => {
    const shapes = fc.constantFrom<[number, number]>([1, 1], [1, 5], [7, 3], [3, 700], [2, 1500], [600, 2]);
    const run = shapes.chain(([rows, columns]) =>
      fc.record({
        rows: fc.constant(rows),
        columns: fc.constant(columns),
        inputs: fc.tuple(
          ...inputTypes.map((type) =>
            fc.record({
              data: filled(type, 2 * rows * columns + 3),
              offset: fc.nat({ max: 3 }),
              layout: fc.constantFrom(...layouts(rows, columns)),
            }),
          ),
        ),
      }),
    );
    fc.assert(
      fc.property(expressions, run, (expression, { rows, columns, inputs }) => {
        const given = inputs.map(({ data, offset, layout }): BlockInput => ({ data, offset, ...layout }));
        expect(computed(expression, given, rows, columns)).toEqual(expected(expression, given, rows, columns));
      }),
      { numRuns: 150 },
    );
  });

  it('reads bytes and float64 as f32, and rounds float64 on the way in', () => {
    const bytes = dense(Uint8Array.of(0, 128, 255), 3);
    const doubles = dense(Float64Array.of(0.1, 0.2, 0.3), 3);
    expect(computed(mul(x, y), [bytes, doubles], 1, 3)).toEqual(
      [0, 128, 255].map((byte, index) => Math.fround(byte * Math.fround([0.1, 0.2, 0.3][index]!))),
    );
  });

  it('keeps float64 in steps when asked, and rounds only when the output is float32', () => {
    const inputs = [dense(Float64Array.of(0.1, 0.7), 2)];
    const expression = exp(mul(x, 3));
    const output = new Float64Array(2);
    compileBlocks(expression, 'f64').run(inputs, output, 0, 1, 2);
    expect([...output]).toEqual([Math.exp(0.1 * 3), Math.exp(0.7 * 3)]);
    const rounded = new Float32Array(2);
    compileBlocks(expression, 'f64').run(inputs, rounded, 0, 1, 2);
    expect([...rounded]).toEqual([...output].map(Math.fround));
    const widened = new Float64Array(2);
    compileBlocks(expression, 'f32').run(inputs, widened, 0, 1, 2);
    expect([...widened]).toEqual([0.1, 0.7].map((value) => evaluate(expression, [value], 'f32')));
  });

  it('copies where the expression is only an input or a constant, and writes nothing beside', () => {
    const output = Float32Array.of(9, 9, 9, 9);
    compileBlocks(x).run([dense(Float32Array.of(1, 2), 2)], output, 1, 1, 2);
    expect([...output]).toEqual([9, 1, 2, 9]);
    compileBlocks(constant(4)).run([], output, 0, 2, 1);
    expect([...output]).toEqual([4, 4, 2, 9]);
    compileBlocks(x).run([], output, 0, 0, 5);
    expect([...output]).toEqual([4, 4, 2, 9]);
  });

  it('may write over a dense input', () => {
    const data = Float32Array.from({ length: 3000 }, (_, index) => index - 1500);
    const wanted = expected(elu(x), [dense(data.slice(), 3000)], 1, 3000);
    compileBlocks(elu(x)).run([dense(data, 3000)], data, 0, 1, 3000);
    expect([...data]).toEqual(wanted);
  });

  it('sees new data in a repeated input of the next run', () => {
    const program = compileBlocks(add(x, y));
    const bias = Float32Array.of(1, 2);
    const [a, output] = [new Float32Array(6), new Float32Array(6)];
    const inputs = [dense(a, 2), { data: bias, offset: 0, rowStride: 0, columnStride: 1 }];
    program.run(inputs, output, 0, 3, 2);
    bias.fill(5);
    program.run(inputs, output, 0, 3, 2);
    expect([...output]).toEqual([5, 5, 5, 5, 5, 5]);
  });

  it('reuses registers: a long chain needs few', () => {
    let chain: Expr = x;
    for (let depth = 0; depth < 50; depth++) chain = add(exp(chain), y);
    expect(compileBlocks(chain).registers).toBeLessThanOrEqual(1);
    expect(compileBlocks(select(greater(x, 0), exp(x), exp(y))).registers).toBe(4);
  });

  it('refuses inputs and outputs that do not fit', () => {
    const program = compileBlocks(add(x, y));
    const good = dense(new Float32Array(4), 4);
    const output = new Float32Array(4);
    expect(() => program.run([good], output, 0, 1, 4)).toThrow(ConfigError);
    expect(() => program.run([good, dense(new Int32Array(4), 4)], output, 0, 1, 4)).toThrow(DTypeError);
    expect(() => program.run([good, dense(new Float32Array(3), 4)], output, 0, 1, 4)).toThrow(ShapeError);
    expect(() => program.run([good, dense(new Float32Array(4), 4, -1)], output, 0, 1, 4)).toThrow(ShapeError);
    expect(() => program.run([good, dense(new Float32Array(4), 4, NaN)], output, 0, 1, 4)).toThrow(ShapeError);
    expect(() => program.run([good, dense(new Float32Array(5), 4, 0.5)], output, 0, 1, 4)).toThrow(ShapeError);
    expect(() => program.run([good, good], new Float32Array(5), 0.5, 1, 4)).toThrow(ShapeError);
    expect(() => program.run([good, good], new Int32Array(4), 0, 1, 4)).toThrow(DTypeError);
    expect(() => program.run([good, good], output, 1, 1, 4)).toThrow(ShapeError);
  });
});
