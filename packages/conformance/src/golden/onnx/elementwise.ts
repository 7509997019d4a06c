// ONNX operators that compute element by element.
import type { Expr, Layer, Tensor } from '@nn/core';
import {
  abs,
  add,
  ceil,
  cos,
  div,
  elementwise,
  erf,
  exp,
  floor,
  log,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  reciprocal,
  reshape,
  round,
  scalar,
  sign,
  sin,
  sqrt,
  sub,
} from '@nn/core';
import {
  celu,
  elu,
  gelu,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  mish,
  relu,
  selu,
  sigmoid,
  silu,
  softplus,
  softsign,
  tanh,
  thresholdedRelu,
} from '@nn/layers';
import { NotYet, optionalNumber, textSetting } from '../config.ts';
import type { OnnxNode, OnnxOperator } from './node.ts';

const layer =
  (make: (node: OnnxNode) => Layer): OnnxOperator =>
  (node) =>
    node.apply(make(node), node.input(0));

const unary =
  (compute: (x: Tensor) => Tensor): OnnxOperator =>
  (node) =>
    compute(node.input(0));

const binary =
  (compute: (a: Tensor, b: Tensor) => Tensor): OnnxOperator =>
  (node) => {
    const a = node.input(0);
    return compute(a, legacyOperand(node, a, node.input(1)));
  };

const variadic =
  (compute: (a: Tensor, b: Tensor) => Tensor): OnnxOperator =>
  (node) =>
    node.all().reduce(compute);

/** Before operator set 7 the second operand was stretched on demand, its first axis lying on `axis` of the first operand. */
function legacyOperand(node: OnnxNode, a: Tensor, b: Tensor): Tensor {
  const axis = node.config['axis'];
  if (node.opset >= 7 || typeof axis !== 'number') return b;
  const after = a.shape.length - axis - b.shape.length;
  return after <= 0 ? b : reshape(b, [...b.shape, ...Array.from({ length: after }, () => 1)]);
}

/** A slope per channel lies on axis 1 where NumPy's rule does not put it: PyTorch's exports before operator set 7. */
function parametricRelu(node: OnnxNode): Tensor {
  const x = node.input(0);
  const slope = node.input(1);
  const perChannel = node.opset < 7 && slope.shape.length === 1 && x.shape.length > 1;
  const aligned = perChannel ? reshape(slope, [-1, ...x.shape.slice(2).map(() => 1)]) : slope;
  return elementwise((value, factor) => scalar.select(scalar.less(value, 0), scalar.mul(factor, value), value), x, aligned);
}

/** The limits are inputs, and attributes before operator set 11. */
function clip(node: OnnxNode): Tensor {
  const limit = (position: number, name: string, otherwise: number): number =>
    node.values(position)?.[0] ?? optionalNumber(node, name, otherwise);
  const [low, high] = [limit(1, 'min', -Infinity), limit(2, 'max', Infinity)];
  return minimum(maximum(node.input(0), low), high);
}

function seluOf(node: OnnxNode): Tensor {
  const [alpha, gamma] = [optionalNumber(node, 'alpha', scalar.seluAlpha), optionalNumber(node, 'gamma', scalar.seluLambda)];
  const isStandard = Math.fround(alpha) === Math.fround(scalar.seluAlpha) && Math.fround(gamma) === Math.fround(scalar.seluLambda);
  if (isStandard) return node.apply(selu(), node.input(0));
  return mul(node.apply(elu({ alpha }), node.input(0)), gamma);
}

function geluOf(node: OnnxNode): Tensor {
  const approximate = textSetting(node, 'approximate', 'none');
  if (approximate !== 'none' && approximate !== 'tanh') throw new NotYet(`approximate ${approximate}`);
  return node.apply(gelu({ approximate }), node.input(0));
}

function swish(x: Expr, alpha: number): Expr {
  return scalar.mul(x, scalar.sigmoid(scalar.mul(alpha, x)));
}

export const elementwiseOperators: Readonly<Record<string, OnnxOperator>> = {
  Relu: layer(() => relu()),
  LeakyRelu: layer((node) => leakyRelu({ slope: optionalNumber(node, 'alpha', 0.01) })),
  PRelu: parametricRelu,
  ThresholdedRelu: layer((node) => thresholdedRelu({ threshold: optionalNumber(node, 'alpha', 1) })),
  Elu: layer((node) => elu({ alpha: optionalNumber(node, 'alpha', 1) })),
  Celu: layer((node) => celu({ alpha: optionalNumber(node, 'alpha', 1) })),
  Selu: seluOf,
  Gelu: geluOf,
  Mish: layer(() => mish()),
  Sigmoid: layer(() => sigmoid()),
  HardSigmoid: layer((node) => hardSigmoid({ slope: optionalNumber(node, 'alpha', 0.2), offset: optionalNumber(node, 'beta', 0.5) })),
  HardSwish: layer(() => hardSwish()),
  Swish(node) {
    const alpha = optionalNumber(node, 'alpha', 1);
    return alpha === 1 ? node.apply(silu(), node.input(0)) : elementwise((x) => swish(x, alpha), node.input(0));
  },
  Softplus: layer(() => softplus()),
  Softsign: layer(() => softsign()),
  Tanh: layer(() => tanh()),
  Erf: unary(erf),
  Exp: unary(exp),
  Log: unary(log),
  Sqrt: unary(sqrt),
  Reciprocal: unary(reciprocal),
  Abs: unary(abs),
  Neg: unary(neg),
  Sign: unary(sign),
  Floor: unary(floor),
  Ceil: unary(ceil),
  Round: unary(round),
  Sin: unary(sin),
  Cos: unary(cos),
  Identity: unary((x) => x),
  Clip: clip,
  Add: binary(add),
  Sub: binary(sub),
  Mul: binary(mul),
  Div: binary(div),
  Pow: binary(pow),
  Sum: variadic(add),
  Max: variadic(maximum),
  Min: variadic(minimum),
  Mean: (node) =>
    div(
      node.all().reduce((a, b) => add(a, b)),
      node.inputCount,
    ),
};
