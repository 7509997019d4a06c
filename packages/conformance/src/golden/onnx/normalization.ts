// ONNX operators that normalize. Parameters lie on axis 1 (channels) or on the axes from `axis` on.
import type { Tensor } from '@nn/core';
import {
  abs,
  add,
  constant,
  div,
  equal,
  full,
  mean,
  mul,
  normalize,
  normalizeAxes,
  normalizeAxis,
  reciprocalSqrt,
  reshape,
  sqrt,
  square,
  sum,
  where,
  zeros,
} from '@nn/core';
import { batchNorm, ema } from '@nn/layers';
import { NotYet, numberSetting, numbersSetting, optionalNumber } from '../config.ts';
import type { OnnxNode, OnnxOperator, OnnxResult } from './node.ts';

const epsilonOf = (node: OnnxNode): number => optionalNumber(node, 'epsilon', 1e-5);

/** [C, 1, …]: what a parameter per channel is reshaped to, for x [batch, C, …]. */
const perChannel = (parameter: Tensor, x: Tensor): Tensor => reshape(parameter, [1, -1, ...x.shape.slice(2).map(() => 1)]);

/** Outputs y and, in training, the running mean and the biased running variance; `momentum` is the weight of the old ones. */
function batchNormalization(node: OnnxNode): readonly (OnnxResult | undefined)[] {
  if (optionalNumber(node, 'spatial', 1) !== 1) throw new NotYet('BatchNormalization per activation (spatial 0)');
  const isTraining = node.opset >= 14 ? optionalNumber(node, 'training_mode', 0) !== 0 : node.wants(1);
  if (isTraining && node.opset < 14) throw new NotYet('training of BatchNormalization before operator set 14');
  const layer = batchNorm({
    epsilon: epsilonOf(node),
    channelAxis: 1,
    runningStatistics: ema({ decay: optionalNumber(node, 'momentum', 0.9), unbiased: false }),
  });
  const variables = { gamma: 1, beta: 2, runningMean: 3, runningVariance: 4 };
  return [node.apply(layer, node.input(0), variables, { training: isTraining }), 'runningMean', 'runningVariance'];
}

function instanceNormalization(node: OnnxNode): Tensor {
  const x = node.input(0);
  const axes = [...x.shape.keys()].slice(2);
  return normalize(x, perChannel(node.input(1), x), perChannel(node.input(2), x), { axes, epsilon: epsilonOf(node) }).y;
}

/** Before operator set 21 the parameters were one per group, since then one per channel. */
function groupNormalization(node: OnnxNode): Tensor {
  const x = node.input(0);
  const groups = numberSetting(node, 'num_groups');
  const [batch, channels, ...spatial] = x.shape as [number, number, ...number[]];
  const split = [batch, groups, channels / groups, ...spatial];
  const parameters = [1, groups, node.opset < 21 ? 1 : channels / groups, ...spatial.map(() => 1)];
  const [gamma, beta] = [reshape(node.input(1), parameters), reshape(node.input(2), parameters)];
  return reshape(normalize(reshape(x, split), gamma, beta, { axes: [...split.keys()].slice(2), epsilon: epsilonOf(node) }).y, x.shape);
}

/** The axes from `axis` to the last. */
function trailingAxes(node: OnnxNode, x: Tensor): number[] {
  return [...x.shape.keys()].slice(normalizeAxis(optionalNumber(node, 'axis', -1), x.shape.length, 'axis'));
}

/** A parameter with leading axes of one element, so that it has the rank of x. */
function aligned(parameter: Tensor, x: Tensor): Tensor {
  return reshape(parameter, [...x.shape.slice(parameter.shape.length).map(() => 1), ...parameter.shape]);
}

/** Outputs y, the mean and the reciprocal deviation. */
function layerNormalization(node: OnnxNode): Tensor[] {
  const x = node.input(0);
  const gamma = aligned(node.input(1), x);
  const beta = node.optional(2);
  const shift = beta === undefined ? constant(zeros(gamma.shape)) : aligned(beta, x);
  const { y, mean: average, reciprocalDeviation } = normalize(x, gamma, shift, { axes: trailingAxes(node, x), epsilon: epsilonOf(node) });
  return [y, average, reciprocalDeviation];
}

function rmsNormalization(node: OnnxNode): Tensor {
  const x = node.input(0);
  const meanSquare = mean(square(x), trailingAxes(node, x), { keepDims: true });
  return mul(mul(x, reciprocalSqrt(add(meanSquare, epsilonOf(node)))), node.input(1));
}

/** x / ‖x‖ along an axis, and 0 where the norm is. */
function lpNormalization(node: OnnxNode): Tensor {
  const x = node.input(0);
  const p = optionalNumber(node, 'p', 2);
  if (p !== 1 && p !== 2) throw new NotYet(`a norm of order ${p}`);
  const axis = normalizeAxis(optionalNumber(node, 'axis', -1), x.shape.length, 'axis');
  const norm = p === 1 ? sum(abs(x), [axis], { keepDims: true }) : sqrt(sum(square(x), [axis], { keepDims: true }));
  const isZero = equal(norm, 0);
  return where(isZero, 0, div(x, where(isZero, 1, norm)));
}

function meanVarianceNormalization(node: OnnxNode): Tensor {
  const x = node.input(0);
  const axes = normalizeAxes(node.config['axes'] === undefined ? [0, 2, 3] : numbersSetting(node, 'axes'), x.shape.length, 'axes');
  const one = x.shape.map(() => 1);
  return normalize(x, constant(full(one, 1)), constant(zeros(one)), { axes, epsilon: 0 }).y;
}

export const normalizationOperators: Readonly<Record<string, OnnxOperator>> = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
  GroupNormalization: groupNormalization,
  LayerNormalization: layerNormalization,
  RMSNormalization: rmsNormalization,
  LpNormalization: lpNormalization,
  MeanVarianceNormalization: meanVarianceNormalization,
};
