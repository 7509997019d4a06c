// Activations: through the layers of that name where there are some, else through the scalar expressions of the core.
import type { Expr, Layer } from '@nn/core';
import { elementwise, logSoftmax, scalar } from '@nn/core';
import { elu, leakyRelu, relu, selu, sigmoid, softmax, tanh } from '@nn/layers';
import type { Adapter } from '../adapter.ts';
import { formula } from '../adapter.ts';
import { expectSetting, numberSetting, optionalNumber, textSetting } from '../config.ts';
import type { GoldenCase } from '../format.ts';

const layer = (make: (golden: GoldenCase) => Layer): Adapter =>
  formula((scope, golden) => ({ outputs: { y: scope.apply(make(golden), scope.input('x'), { variables: {}, training: false }) } }));

const expression = (make: (x: Expr, golden: GoldenCase) => Expr): Adapter =>
  formula((scope, golden) => ({ outputs: { y: elementwise((x) => make(x, golden), scope.input('x')) } }));

/** α and λ are constants of SELU; a case with others asks for something else. */
function expectSeluConstants(golden: GoldenCase): void {
  expectSetting(golden, 'alpha', scalar.seluAlpha);
  expectSetting(golden, 'scale', scalar.seluLambda);
}

function geluOf(x: Expr, golden: GoldenCase): Expr {
  expectSetting(golden, 'approximate', 'none', 'tanh');
  return textSetting(golden, 'approximate', 'none') === 'tanh' ? scalar.geluTanh(x) : scalar.gelu(x);
}

/** log(1 + e^(beta·x)) / beta */
function softplusOf(x: Expr, beta: number): Expr {
  return beta === 1 ? scalar.softplus(x) : scalar.div(scalar.softplus(scalar.mul(beta, x)), beta);
}

export const activations: Readonly<Record<string, Adapter>> = {
  relu: layer(() => relu()),
  leakyRelu: layer((golden) => leakyRelu({ slope: numberSetting(golden, 'alpha') })),
  elu: layer((golden) => elu({ alpha: optionalNumber(golden, 'alpha', 1) })),
  selu: layer((golden) => {
    expectSeluConstants(golden);
    return selu();
  }),
  sigmoid: layer(() => sigmoid()),
  tanh: layer(() => tanh()),
  softmax: layer((golden) => softmax({ axis: optionalNumber(golden, 'axis', -1) })),
  logSoftmax: formula((scope, golden) => ({ outputs: { y: logSoftmax(scope.input('x'), optionalNumber(golden, 'axis', -1)) } })),
  gelu: expression(geluOf),
  silu: expression((x) => scalar.silu(x)),
  softplus: expression((x, golden) => softplusOf(x, optionalNumber(golden, 'beta', 1))),
};
