// ONNX operators that reduce axes, products, and softmax.
import type { Tensor } from '@nn/core';
import {
  abs,
  add,
  argMax,
  cast,
  equal,
  exp,
  iota,
  log,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  mean,
  min,
  pad,
  mul,
  neg,
  normalizeAxes,
  normalizeAxis,
  prod,
  reshape,
  sizeOf,
  softmax,
  sqrt,
  square,
  sum,
  where,
} from '@nn/core';
import { numbersSetting, optionalNumber } from '../config.ts';
import type { OnnxNode, OnnxOperator } from './node.ts';

type Reduce = (x: Tensor, axes: readonly number[], options: { readonly keepDims: boolean }) => Tensor;

/** Axes are an input, and an attribute in older operator sets. None are all, or none if `noop_with_empty_axes` says so. */
function axesOf(node: OnnxNode, x: Tensor): readonly number[] {
  const given = node.values(1) ?? (node.config['axes'] === undefined ? [] : numbersSetting(node, 'axes'));
  if (given.length > 0) return normalizeAxes(given, x.shape.length, 'axes');
  return optionalNumber(node, 'noop_with_empty_axes', 0) === 0 ? [...x.shape.keys()] : [];
}

const reduction =
  (reduce: Reduce): OnnxOperator =>
  (node) => {
    const x = node.input(0);
    return reduce(x, axesOf(node, x), { keepDims: optionalNumber(node, 'keepdims', 1) !== 0 });
  };

/** Of nothing it is `least`. The toolkit refuses that, so one such element is put where there is none. */
const extremum = (reduce: Reduce, least: number): OnnxOperator =>
  reduction((x, axes, options) => {
    const added = x.shape.map((extent, axis) => (extent === 0 && axes.includes(axis) ? 1 : 0));
    const none = x.shape.map(() => 0);
    return reduce(added.includes(1) ? pad(x, none, added, { value: least }) : x, axes, options);
  });

/** log Σ eˣ, which of nothing is -Infinity. */
const logOfSummedExponentials: Reduce = (x, axes, options) =>
  axes.some((axis) => x.shape[axis] === 0) ? log(sum(exp(x), axes, options)) : logSumExp(x, axes, options);

/** i32 [...]: where the largest is along an axis; `select_last_index` is about ties. */
const position =
  (sought: (x: Tensor) => Tensor): OnnxOperator =>
  (node) => {
    const x = sought(node.input(0));
    const axis = normalizeAxis(optionalNumber(node, 'axis', 0), x.shape.length, 'axis');
    const found = optionalNumber(node, 'select_last_index', 0) === 0 ? argMax(x, axis) : lastArgMax(x, axis);
    return optionalNumber(node, 'keepdims', 1) === 0
      ? found
      : reshape(
          found,
          x.shape.map((extent, index) => (index === axis ? 1 : extent)),
        );
  };

function lastArgMax(x: Tensor, axis: number): Tensor {
  const isLargest = equal(x, max(x, [axis], { keepDims: true }));
  return max(where(isLargest, iota(x.shape, axis), -1), [axis]);
}

/** Before operator set 13 all axes from `axis` on were one. */
const overClasses =
  (compute: (x: Tensor, axis: number) => Tensor): OnnxOperator =>
  (node) => {
    const x = node.input(0);
    const rank = x.shape.length;
    if (node.opset >= 13) return compute(x, normalizeAxis(optionalNumber(node, 'axis', -1), rank, 'axis'));
    const axis = normalizeAxis(optionalNumber(node, 'axis', 1), rank, 'axis');
    const rows = sizeOf(x.shape.slice(0, axis));
    return reshape(compute(reshape(x, [rows, sizeOf(x.shape.slice(axis))]), 1), x.shape);
  };

function hardmax(x: Tensor, axis: number): Tensor {
  const kept = x.shape.map((extent, index) => (index === axis ? 1 : extent));
  return cast(equal(iota(x.shape, axis), reshape(argMax(x, axis), kept)), 'f32');
}

/** α A' B' + β C */
function gemm(node: OnnxNode): Tensor {
  const product = matmul(node.input(0), node.input(1), {
    transposeA: optionalNumber(node, 'transA', 0) !== 0,
    transposeB: optionalNumber(node, 'transB', 0) !== 0,
  });
  const scaled = mul(product, optionalNumber(node, 'alpha', 1));
  const c = node.optional(2);
  return c === undefined ? scaled : add(scaled, mul(c, optionalNumber(node, 'beta', 1)));
}

/** As NumPy has it: vectors are a row on the left and a column on the right, which the result does not have. */
function numpyMatmul(node: OnnxNode): Tensor {
  const [a, b] = [node.input(0), node.input(1)];
  const left = a.shape.length === 1 ? reshape(a, [1, -1]) : a;
  const right = b.shape.length === 1 ? reshape(b, [-1, 1]) : b;
  const product = matmul(left, right);
  const rank = product.shape.length;
  const isDropped = (axis: number): boolean => (axis === rank - 2 && a.shape.length === 1) || (axis === rank - 1 && b.shape.length === 1);
  return reshape(
    product,
    product.shape.filter((_, axis) => !isDropped(axis)),
  );
}

export const reductionOperators: Readonly<Record<string, OnnxOperator>> = {
  ReduceSum: reduction(sum),
  ReduceMean: reduction(mean),
  ReduceMax: extremum(max, -Infinity),
  ReduceMin: extremum(min, Infinity),
  ReduceProd: reduction(prod),
  ReduceL1: reduction((x, axes, options) => sum(abs(x), axes, options)),
  ReduceL2: reduction((x, axes, options) => sqrt(sum(square(x), axes, options))),
  ReduceSumSquare: reduction((x, axes, options) => sum(square(x), axes, options)),
  ReduceLogSum: reduction((x, axes, options) => log(sum(x, axes, options))),
  ReduceLogSumExp: reduction(logOfSummedExponentials),
  ArgMax: position((x) => x),
  ArgMin: position(neg),
  Softmax: overClasses(softmax),
  LogSoftmax: overClasses(logSoftmax),
  Hardmax: overClasses(hardmax),
  Gemm: gemm,
  MatMul: numpyMatmul,
};
