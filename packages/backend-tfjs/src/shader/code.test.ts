// The code of a kernel, in both languages.
import { scalar } from '@nn/core';
import { expect, it } from 'vitest';
import { GivenConstants } from './constants.ts';
import { expressionCode } from './expression.ts';
import { helpersFor } from './functions.ts';
import { glsl } from './glsl.ts';
import { wgsl } from './wgsl.ts';
import { Integers } from './writer.ts';

const [x, y] = [scalar.input(0, 'f32'), scalar.input(1, 'i32')];
const expression = scalar.select(scalar.less(x, 0.5), scalar.mul(x, scalar.cast(y, 'f32')), scalar.tanh(x));

it('of an expression', () => {
  const line = scalar.linearize(expression);
  const constants = new GivenConstants(line.steps, new Integers());
  const inWgsl = expressionCode(line, constants, wgsl, (input, type) => wgsl.read(input, 'index', type));
  expect(`${inWgsl.statements}\n→ ${inWgsl.value}`).toMatchInlineSnapshot(`
    "let v0 : f32 = X0[index];
    let v1 : f32 = uniforms.r0;
    let v2 : bool = (v0 < v1);
    let v3 : i32 = X1[index];
    let v4 : f32 = f32(v3);
    let v5 : f32 = (v0 * v4);
    let v6 : f32 = tanhOf(v0);
    let v7 : f32 = select(v6, v5, v2);
    → v7"
  `);
  const inGlsl = expressionCode(line, constants, glsl, (input, type) => glsl.read(input, 'index', type));
  expect(`${inGlsl.statements}\n→ ${inGlsl.value}`).toMatchInlineSnapshot(`
    "float v0 = getX0(index);
    float v1 = r0;
    bool v2 = (v0 < v1);
    int v3 = int(getX1(index));
    float v4 = float(v3);
    float v5 = (v0 * v4);
    float v6 = tanhOf(v0);
    float v7 = (v2 ? v5 : v6);
    → v7"
  `);
});

it('brings the functions it calls, and those that these call', () => {
  const names = [...helpersFor(wgsl, 'tanhOf(x)').matchAll(/fn (\w+)/g)].map(([, name]) => name);
  expect(names).toEqual(['expm1Of', 'tanhOf']);
  expect(helpersFor(glsl, 'x + y')).toBe('');
});

it('writes every number so that it is one', () => {
  expect([0, -0, 1, -2.5, 1e-7, 3.4028234663852886e38].map((value) => wgsl.number(value))).toEqual([
    '0.0',
    '(-0.0)',
    '1.0',
    '(-2.5)',
    '1.0000000116860974e-7',
    '3.4028234663852886e+38',
  ]);
});
