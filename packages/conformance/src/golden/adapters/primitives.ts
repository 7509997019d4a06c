// Building blocks under their own names: elementwise functions, matrix products, reductions.
import type { Operand, Tensor } from '@nn/core';
import * as core from '@nn/core';
import type { Adapter, Scope } from '../adapter.ts';
import { formula } from '../adapter.ts';
import { flagSetting, numbersSetting } from '../config.ts';
import type { GoldenCase } from '../format.ts';

const unary = (compute: (x: Tensor) => Tensor): Adapter => formula((scope) => ({ outputs: { y: compute(scope.input('x')) } }));

const binary = (compute: (a: Operand, b: Operand) => Tensor): Adapter =>
  formula((scope) => ({ outputs: { y: compute(scope.input('a'), scope.input('b')) } }));

type Reduction = (x: Tensor, axes?: readonly number[], options?: { readonly keepDims?: boolean }) => Tensor;

const reduction = (compute: Reduction): Adapter =>
  formula((scope, golden) => ({
    outputs: { y: compute(scope.input('x'), axesSetting(golden), { keepDims: flagSetting(golden, 'keepDims') }) },
  }));

/** The axes of a reduction; null is all of them. */
function axesSetting(golden: GoldenCase): readonly number[] | undefined {
  return golden.config['axes'] === null || golden.config['axes'] === undefined ? undefined : numbersSetting(golden, 'axes');
}

function momentsOf(scope: Scope, golden: GoldenCase): { mean: Tensor; variance: Tensor } {
  const x = scope.input('x');
  const axes = core.normalizeAxes(axesSetting(golden), x.shape.length, 'moments');
  const { mean, variance } = core.moments(x, axes);
  if (flagSetting(golden, 'keepDims')) return { mean, variance };
  const kept = x.shape.filter((_, axis) => !axes.includes(axis));
  return { mean: core.reshape(mean, kept), variance: core.reshape(variance, kept) };
}

export const primitives: Readonly<Record<string, Adapter>> = {
  matmul: formula((scope, golden) => ({
    outputs: {
      y: core.matmul(scope.input('a'), scope.input('b'), {
        transposeA: flagSetting(golden, 'transposeA'),
        transposeB: flagSetting(golden, 'transposeB'),
      }),
    },
  })),
  add: binary(core.add),
  sub: binary(core.sub),
  mul: binary(core.mul),
  div: binary(core.div),
  pow: binary(core.pow),
  mod: binary(core.mod),
  maximum: binary(core.maximum),
  minimum: binary(core.minimum),
  neg: unary(core.neg),
  abs: unary(core.abs),
  sign: unary(core.sign),
  square: unary(core.square),
  sqrt: unary(core.sqrt),
  rsqrt: unary(core.reciprocalSqrt),
  reciprocal: unary(core.reciprocal),
  exp: unary(core.exp),
  expm1: unary(core.expm1),
  log: unary(core.log),
  log1p: unary(core.log1p),
  sin: unary(core.sin),
  cos: unary(core.cos),
  erf: unary(core.erf),
  floor: unary(core.floor),
  ceil: unary(core.ceil),
  round: unary(core.round),
  reduceSum: reduction(core.sum),
  reduceMean: reduction(core.mean),
  reduceMax: reduction(core.max),
  reduceMin: reduction(core.min),
  reduceProd: reduction(core.prod),
  logSumExp: reduction(core.logSumExp),
  moments: formula((scope, golden) => ({ outputs: momentsOf(scope, golden) })),
};
