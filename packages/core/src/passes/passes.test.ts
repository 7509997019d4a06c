// Each pass as text before and after.
import { describe, expect, test } from 'vitest';
import { ndarray } from '../array/ndarray.ts';
import { normalize } from '../ops/composites/normalize.ts';
import { exp } from '../ops/elementwise.ts';
import { constant, reshape } from '../ops/shaping.ts';
import { newTrace, trace } from '../ops/trace.ts';
import type { Program } from '../program/program.ts';
import { printProgram } from '../program/text.ts';
import { commonSubexpressions, eliminateDead } from './eliminate.ts';
import { fuseMaps } from './fuseMaps.ts';
import { hashProgram } from './hash.ts';
import { liveness } from './liveness.ts';
import { lower } from './lower.ts';
import { optimize } from './optimize.ts';
import { unroll } from './unroll.ts';
import { validate } from './validate.ts';

const vector = { shape: [3], dtype: 'f32' } as const;
const text = (program: Program): string => {
  validate(program);
  return printProgram(program);
};

/** A counter: reads a variable, adds the input, writes it back. */
function accumulating(): Program {
  const owner = newTrace();
  return owner.finish(
    owner.run(() => {
      const total = owner.readVariable('total', vector).add(owner.input('x', vector));
      owner.writeVariable('total', total);
      return { mean: total.mean() };
    }),
  );
}

describe('lower', () => {
  const program = trace(
    { x: { shape: [4, 2], dtype: 'f32' }, g: { shape: [1, 2], dtype: 'f32' } },
    ({ x, g }) => normalize(x, g, g, { axes: [0], epsilon: 0.1 }).y,
  );

  test('replaces a composite by its definition', () => {
    expect(text(eliminateDead(lower(program, () => false)))).toMatchInlineSnapshot(`
      "%0 = input "x" : f32[4, 2]
      %1 = input "g" : f32[1, 2]
      %2 = reduce(%0) { kind: "sum", axes: [0] } : f32[1, 2]
      %3 = map(%2) { x0 / 4 } : f32[1, 2]
      %4 = map(%0, %3) { x0 - x1 } : f32[4, 2]
      %5 = reduce(%4) { kind: "sum", axes: [0] } : f32[1, 2]
      %6 = map(%5) { x0 / 4 } : f32[1, 2]
      %7 = map(%4, %6) { x0 - x1 } : f32[4, 2]
      %8 = map(%7) { x0 * x0 } : f32[4, 2]
      %9 = reduce(%8) { kind: "sum", axes: [0] } : f32[1, 2]
      %10 = map(%9) { x0 / 4 } : f32[1, 2]
      %11 = map(%10) { select(x0 + 0.1 == 0, 0, reciprocalSqrt(x0 + 0.1)) } : f32[1, 2]
      %12 = map(%7, %11, %1, %1) { x0 * x1 * x2 + x3 } : f32[4, 2]
      output "output" = %12"
    `);
  });

  test('leaves what the backend keeps, and drops the outputs nobody reads', () => {
    expect(text(eliminateDead(lower(program, () => true)))).toMatchInlineSnapshot(`
      "%0 = input "x" : f32[4, 2]
      %1 = input "g" : f32[1, 2]
      %2, _, _, _, _, _ = normalize(%0, %1, %1) { axes: [0], epsilon: 0.1 } : f32[4, 2]
      output "output" = %2"
    `);
  });

  test('every instruction knows which instruction of the given program it does the work of', () => {
    expect(new Set(optimize(lower(program, () => false)).instrs.flatMap(({ origins }) => origins))).toEqual(new Set([0]));
  });
});

describe('fuseMaps', () => {
  test('makes a chain of maps one map', () => {
    expect(text(optimize(trace({ x: vector, y: vector }, ({ x, y }) => x.mul(y).add(1).exp().sub(x))))).toMatchInlineSnapshot(`
      "%0 = input "x" : f32[3]
      %1 = input "y" : f32[3]
      %2 = map(%0, %1) { exp(x0 * x1 + 1) - x0 } : f32[3]
      output "output" = %2"
    `);
  });

  test('leaves a map with two readers alone', () => {
    const program = trace({ x: vector }, ({ x }) => {
      const e = exp(x);
      return { sum: e.sum(), twice: e.mul(2) };
    });
    expect(fuseMaps(program).instrs.filter(({ op }) => op === 'map')).toHaveLength(2);
  });

  test('does not fuse what would be computed again for every row', () => {
    const program = trace({ x: { shape: [1000, 3], dtype: 'f32' }, y: { shape: [1, 3], dtype: 'f32' } }, ({ x, y }) => x.add(exp(y)));
    expect(fuseMaps(program).instrs).toHaveLength(2);
  });

  test('keeps inputs that only stretch', () => {
    const program = trace({ x: { shape: [1, 3], dtype: 'f32' } }, ({ x }) => x.add(constant(ndarray([[0], [0]]))).mul(2));
    expect(optimize(program).slots[optimize(program).outputs['output']!]!.shape).toEqual([2, 3]);
  });

  test('respects the number of inputs a device can bind', () => {
    const program = trace({ a: vector, b: vector, c: vector }, ({ a, b, c }) => a.add(b).add(c));
    expect(fuseMaps(program, { maxInputs: 2 }).instrs).toHaveLength(2);
    expect(fuseMaps(program, { maxInputs: 3 }).instrs).toHaveLength(1);
  });
});

test('commonSubexpressions computes equal things once', () => {
  const program = trace({ x: vector }, ({ x }) => ({ a: exp(x).sum(), b: exp(x).mul(3) }));
  expect(commonSubexpressions(program).instrs.length).toBe(program.instrs.length - 1);
  validate(commonSubexpressions(program));
});

test('constants that differ in the sign of zero are different', () => {
  const program = trace({ x: vector }, ({ x }) => ({ a: x.add(0), b: x.sub(-0), c: x.mul(-0), d: x.mul(0) }));
  expect(commonSubexpressions(program).instrs).toHaveLength(4);
});

test('eliminateDead drops instructions, outputs and constants without readers', () => {
  const program = trace({ x: vector }, ({ x }) => {
    exp(x.add(constant(ndarray([1, 2, 3]))));
    return x.mul(2);
  });
  const pruned = eliminateDead(program);
  expect(pruned.instrs).toHaveLength(1);
  expect(Object.keys(pruned.constants)).toHaveLength(0);
});

test('unroll chains variables and numbers inputs and outputs', () => {
  expect(text(unroll(accumulating(), 2))).toMatchInlineSnapshot(`
    "%1 = input "x@0" : f32[3]
    %6 = input "x@1" : f32[3]
    %0 = variable "total" : f32[3]
    %2 = map(%0, %1) { x0 + x1 } : f32[3]
    %3 = reduce(%2) { kind: "sum", axes: [0] } : f32[1]
    %4 = reshape(%3) { shape: [] } : f32[]
    %5 = map(%4) { x0 / 3 } : f32[]
    %7 = map(%2, %6) { x0 + x1 } : f32[3]
    %8 = reduce(%7) { kind: "sum", axes: [0] } : f32[1]
    %9 = reshape(%8) { shape: [] } : f32[]
    %10 = map(%9) { x0 / 3 } : f32[]
    variable "total" = %7
    output "mean@0" = %5
    output "mean@1" = %10"
  `);
  expect(() => unroll(accumulating(), 0)).toThrow(/positive integer/);
});

test('liveness says from when to when a slot is in use', () => {
  const program = trace({ x: vector }, ({ x }) => reshape(exp(x.add(1)), [3, 1]));
  expect(liveness(program)).toEqual({ first: [-1, 0, 1, 2], last: [0, 1, 2, 3] });
});

function scaled(factor: number, path: string): Program {
  return trace({ x: vector }, ({ x }, owner) => owner.within(path, () => x.mul(factor)));
}

test('the hash names what is computed, not where it was asked for', () => {
  expect(hashProgram(scaled(2, 'a'))).toBe(hashProgram(scaled(2, 'b')));
  const hashes = [2, 3, 0, -0, Number.NaN, Infinity].map((factor) => hashProgram(scaled(factor, '')));
  expect(new Set(hashes).size).toBe(hashes.length);
});

describe('validate refuses', () => {
  const good = trace({ x: vector }, ({ x }) => exp(x).sum());
  const broken: Record<string, [Program, RegExp]> = {
    'another version': [{ ...good, version: 2 as 1 }, /version 2/],
    'an op it does not know': [
      { ...good, instrs: good.instrs.map((instr) => Object.assign({}, instr, { op: 'fft' })) },
      /There is no op "fft"/,
    ],
    'a slot read before it is written': [{ ...good, instrs: good.instrs.toReversed() }, /before anything writes it/],
    'a slot written twice': [{ ...good, instrs: [...good.instrs, good.instrs[0]!] }, /written already/],
    'a slot that is not there': [{ ...good, outputs: { y: 99 } }, /names slot %99/],
    'outputs that are not what the inputs imply': [
      { ...good, slots: good.slots.map(({ dtype }) => ({ shape: [7], dtype })) },
      /is f32\[7\], but f32\[1\] is right/,
    ],
    'missing attributes': [{ ...good, instrs: good.instrs.map((instr) => Object.assign({}, instr, { attrs: {} })) }, /Instruction 0/],
  };
  test.each(Object.entries(broken))('%s', (_what, [program, message]) => {
    expect(() => validate(program)).toThrow(message);
    expect(() => validate(program)).toThrow(expect.objectContaining({ code: 'format.invalid' }));
  });
});
