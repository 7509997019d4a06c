// How far each function is from its value in float64, over everything an f32 can be.
import { NdArray, scalar } from '@nn/core';
import type { Expr } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { runMaps, variants } from '../testing/runner.ts';

type Name = keyof typeof scalar.unaryFunctions | keyof typeof scalar.binaryFunctions;

/** The largest error allowed, in units in the last place of the exact result. Where nothing is said, it is the nearest f32. */
const budgets: { readonly [Function in Name]?: number } = {
  reciprocalSqrt: 1.5,
  exp: 1.7,
  expm1: 1.7,
  log: 0.9,
  log1p: 0.9,
  sin: 1.6,
  cos: 1.6,
  tanh: 2.5,
  sigmoid: 2.5,
  erf: 1.5,
  pow: 0.51,
};
const rounded = 0.5;

/** Results below the normal numbers that functions may give as 0: sigmoid where e⁻ˣ overflows. */
const flushed: ReadonlySet<Name> = new Set<Name>(['sigmoid']);

const special = [NaN, 0, -0, Infinity, -Infinity, 1, -1, 2, 0.5, -0.5, 1.5, 2.5, 88.7, 88.73, -87.4, -103.9, -104.1, 1e-40, -1e-45, 3.4e38];

/** Bit patterns from all over, dense stretches where functions bend, neighbours of multiples of π/2. */
function samples(): Float32Array<ArrayBuffer> {
  const values = [...special];
  const word = new Uint32Array(1);
  const float = new Float32Array(word.buffer);
  for (let pattern = 0; pattern < 2 ** 32; pattern += 2 ** 17 - 1) {
    word[0] = pattern;
    values.push(float[0]!);
  }
  for (const reach of [0.01, 1, 5, 110, 1e4, 1e6]) {
    for (let x = -reach; x < reach; x += reach / 4999) values.push(x);
  }
  for (let turn = 1; turn < 2000; turn++) {
    float[0] = (turn * Math.PI) / 2;
    word[0]! -= 2;
    for (let neighbour = 0; neighbour < 5; neighbour++, word[0]!++) values.push(...float);
  }
  return new Float32Array(values);
}

/** The distance between neighbouring f32 numbers around `value`. */
function unitInLastPlace(value: number): number {
  return 2 ** (Math.floor(Math.log2(Math.max(Math.abs(value), 2 ** -126))) - 23);
}

function isNegative(x: number): boolean {
  return x < 0 || Object.is(x, -0);
}

/** Runs all functions in one loop. */
function checkAccuracy(
  functions: readonly (readonly [name: Name, expression: Expr])[],
  inputs: readonly Float32Array<ArrayBuffer>[],
): void {
  const arrays = inputs.map((data) => new NdArray(data, [data.length], 'f32'));
  const run = { expressions: functions.map(([, expression]) => expression), inputs: arrays, shape: arrays[0]!.shape };
  const results = variants.map((options) => runMaps(run, options));
  functions.forEach(([name, expression], position) => {
    const exact = scalar.evaluator(expression, 'f64');
    const checkElement = (found: number, index: number): void => {
      const operands = inputs.map((data) => data[index]!);
      const value = exact(operands);
      if (Object.is(found, Math.fround(value))) return;
      if (flushed.has(name) && Math.abs(value) < 2 ** -126 && Object.is(found, 0)) return;
      const error = Math.abs(found - value) / unitInLastPlace(value);
      // NaN, infinities and the sign of zero are no question of accuracy.
      const isSameKind = Number.isFinite(Math.fround(value)) && isNegative(found) === isNegative(value);
      const allowed = isSameKind ? (budgets[name] ?? rounded) : 0;
      if (!(error <= allowed))
        expect.fail(`${name}(${operands.join(', ')}) is ${found}, ${error} units from ${value} (allowed: ${allowed})`);
    };
    for (const outputs of results) outputs[position]!.data.forEach(checkElement);
  });
}

describe('functions of one number', () => {
  const values = samples();
  const names = Object.entries(scalar.unaryFunctions).flatMap(([name, types]) =>
    'f32' in types ? [name as keyof typeof scalar.unaryFunctions] : [],
  );
  it.each(names)('%s', (name) => {
    checkAccuracy([[name, scalar.unary(name, scalar.input(0, 'f32'))]], [values]);
    expect(values.length).toBeGreaterThan(100_000);
  });

  it('exp and expm1 of the same number, which have most of their work in common', () => {
    const x = scalar.input(0, 'f32');
    checkAccuracy(
      [
        ['exp', scalar.exp(x)],
        ['expm1', scalar.expm1(x)],
      ],
      [values],
    );
  });
});

describe('functions of two numbers', () => {
  const all = samples();
  const wave = (frequency: number, scale: number, center = 0) => all.map((_, index) => center + scale * Math.sin(index * frequency));
  const pairs: readonly (readonly [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>])[] = [
    [all, all.map((_, index) => all[(index * 7919) % all.length]!)],
    [wave(1, 8), wave(3, 8)],
    [wave(1, 9), wave(2, 9).map(Math.round)],
    // Powers near 1 with large exponents.
    [wave(1, 1e-4, 1), wave(7, 1e5)],
  ];
  const names = Object.entries(scalar.binaryFunctions).flatMap(([name, types]) =>
    'f32' in types ? [name as keyof typeof scalar.binaryFunctions] : [],
  );
  it.each(names)('%s', (name) => {
    const expression = scalar.binary(name, scalar.input(0, 'f32'), scalar.input(1, 'f32'));
    for (const pair of pairs) checkAccuracy([[name, expression]], pair);
    expect(pairs).toHaveLength(4);
  });
});
