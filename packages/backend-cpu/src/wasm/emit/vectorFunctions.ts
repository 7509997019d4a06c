// Every function of the scalar language as vector instructions: f32 and i32 in four lanes, bool as a mask of 32 bits per lane.
import type { ScalarType, scalar } from '@nn/core';
import { erf } from './functions/errorFunction.ts';
import { exp, expm1, sigmoid, tanh } from './functions/exponential.ts';
import { max, min } from './functions/extremes.ts';
import { divideIntegers, integerModulo } from './functions/integers.ts';
import { log, log1p } from './functions/logarithm.ts';
import { pow } from './functions/power.ts';
import { cos, sin } from './functions/trigonometric.ts';
import type { VectorOpcode } from './encoding/opcodes.ts';
import type { Vector, VectorGraph } from './vectorGraph.ts';

export type UnaryVector = (g: VectorGraph, x: Vector) => Vector;
export type BinaryVector = (g: VectorGraph, a: Vector, b: Vector) => Vector;

/** An entry for every function and every type that it takes. */
type Complete<Functions, Meaning> = { readonly [Name in keyof Functions]: { readonly [Type in keyof Functions[Name]]: Meaning } };

const unary =
  (name: VectorOpcode): UnaryVector =>
  (g, x) =>
    g.op(name, x);
const binary =
  (name: VectorOpcode): BinaryVector =>
  (g, a, b) =>
    g.op(name, a, b);

export const unaryVectors: Complete<typeof scalar.unaryFunctions, UnaryVector> = {
  neg: { f32: unary('f32x4.neg'), i32: unary('i32x4.neg') },
  abs: { f32: unary('f32x4.abs'), i32: unary('i32x4.abs') },
  sign: {
    // NaN and zeros stay what they are.
    f32: (g, x) => g.select(g.op('f32x4.gt', g.abs(x), g.f32(0)), g.or(g.signOf(x), g.f32(1)), x),
    i32: (g, x) => g.op('i32x4.max_s', g.op('i32x4.min_s', x, g.i32(1)), g.i32(-1)),
  },
  floor: { f32: unary('f32x4.floor') },
  ceil: { f32: unary('f32x4.ceil') },
  round: { f32: unary('f32x4.nearest') },
  sqrt: { f32: unary('f32x4.sqrt') },
  reciprocalSqrt: { f32: (g, x) => g.div(g.f32(1), g.op('f32x4.sqrt', x)) },
  exp: { f32: exp },
  expm1: { f32: expm1 },
  log: { f32: log },
  log1p: { f32: log1p },
  sin: { f32: sin },
  cos: { f32: cos },
  tanh: { f32: tanh },
  sigmoid: { f32: sigmoid },
  erf: { f32: erf },
  not: { bool: unary('v128.not') },
};

export const binaryVectors: Complete<typeof scalar.binaryFunctions, BinaryVector> = {
  add: { f32: binary('f32x4.add'), i32: binary('i32x4.add') },
  sub: { f32: binary('f32x4.sub'), i32: binary('i32x4.sub') },
  mul: { f32: binary('f32x4.mul'), i32: binary('i32x4.mul') },
  div: { f32: binary('f32x4.div'), i32: divideIntegers },
  mod: { f32: (g, a, b) => g.lanewise('floorModulo', a, b), i32: integerModulo },
  pow: { f32: pow },
  max: { f32: max, i32: binary('i32x4.max_s') },
  min: { f32: min, i32: binary('i32x4.min_s') },
  and: { bool: binary('v128.and') },
  or: { bool: binary('v128.or') },
};

export const comparisonVectors: Complete<typeof scalar.comparisonFunctions, BinaryVector> = {
  less: { f32: binary('f32x4.lt'), i32: binary('i32x4.lt_s') },
  lessEqual: { f32: binary('f32x4.le'), i32: binary('i32x4.le_s') },
  greater: { f32: binary('f32x4.gt'), i32: binary('i32x4.gt_s') },
  greaterEqual: { f32: binary('f32x4.ge'), i32: binary('i32x4.ge_s') },
  equal: { f32: binary('f32x4.eq'), i32: binary('i32x4.eq'), bool: binary('i32x4.eq') },
  notEqual: { f32: binary('f32x4.ne'), i32: binary('i32x4.ne'), bool: binary('v128.xor') },
};

const same: UnaryVector = (_, x) => x;

/** Conversions by the type they take, then the one they give. */
export const castVectors: { readonly [From in ScalarType]: { readonly [To in ScalarType]: UnaryVector } } = {
  f32: { f32: same, i32: unary('i32x4.trunc_sat_f32x4_s'), bool: (g, x) => g.op('f32x4.ne', x, g.f32(0)) },
  i32: { f32: unary('f32x4.convert_i32x4_s'), i32: same, bool: (g, x) => g.op('i32x4.ne', x, g.i32(0)) },
  bool: { f32: (g, x) => g.and(x, g.f32(1)), i32: unary('i32x4.neg'), bool: same },
};

/** A constant of a type. */
export const constantVectors: { readonly [Type in ScalarType]: (g: VectorGraph, value: number) => Vector } = {
  f32: (g, value) => g.f32(value),
  i32: (g, value) => g.i32(value),
  bool: (g, value) => g.i32(value === 0 ? 0 : -1),
};
