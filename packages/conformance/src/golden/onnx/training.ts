// ONNX operators of training: losses, optimizers, dropout.
import type { Tensor } from '@nn/core';
import {
  add,
  constant,
  div,
  elementwise,
  equal,
  FormatError,
  full,
  gather,
  iota,
  logSoftmax,
  mul,
  NdArray,
  neg,
  notEqual,
  reshape,
  scalar,
  softmaxCrossEntropy,
  sqrt,
  square,
  sub,
  sum,
  transpose,
  where,
} from '@nn/core';
import { NotYet, numberSetting, optionalNumber, textSetting } from '../config.ts';
import type { GoldenTensor } from '../format.ts';
import { valuesOf } from '../format.ts';
import type { OnnxNode, OnnxOperator } from './node.ts';

/** Scores [batch, classes, …] as one row per place. */
function rowsOf(scores: Tensor): Tensor {
  const [, classes, ...places] = scores.shape as readonly [number, number, ...number[]];
  return reshape(places.length === 0 ? scores : transpose(scores, [0, ...places.map((_, axis) => axis + 2), 1]), [-1, classes]);
}

/**
 * Losses of all places, weighted by class, reduced as the node asks.
 * @param lossOf the losses of rows of scores at class indices, unweighted
 */
function classLoss(node: OnnxNode, lossOf: (rows: Tensor, labels: Tensor) => Tensor): Tensor {
  const rows = rowsOf(node.input(0));
  const target = node.integers(1);
  const labels = reshape(target, [-1]);
  const ignored = node.config['ignore_index'];
  const kept = ignored === undefined ? undefined : notEqual(labels, numberSetting(node, 'ignore_index'));
  const known = kept === undefined ? labels : where(kept, labels, 0);
  const classWeights = node.optional(2);
  const weights = classWeights === undefined ? constant(full(labels.shape, 1)) : gather(classWeights, known);
  const counted = kept === undefined ? weights : where(kept, weights, 0);
  const losses = mul(lossOf(rows, known), counted);
  const reduction = textSetting(node, 'reduction', 'mean');
  switch (reduction) {
    case 'none':
      return reshape(losses, target.shape);
    case 'sum':
      return sum(losses);
    case 'mean':
      return div(sum(losses), sum(counted));
    default:
      throw new NotYet(`reduction ${reduction}`);
  }
}

/** Of log-probabilities. */
function negativeLogLikelihood(node: OnnxNode): Tensor {
  return classLoss(node, (rows, labels) => {
    const hit = equal(reshape(labels, [-1, 1]), iota(rows.shape, 1));
    return neg(sum(where(hit, rows, 0), 1));
  });
}

/** Outputs the loss and the log-probabilities. */
function crossEntropy(node: OnnxNode): Tensor[] {
  const loss = classLoss(node, (rows, labels) => softmaxCrossEntropy(rows, labels));
  return node.wants(1) ? [loss, logSoftmax(node.input(0), 1)] : [loss];
}

/**
 * Outputs y and the mask. In training the mask is drawn by the runtime: it is taken from the case, or is where y is not 0, and what is
 * looked at is y = x · mask / (1 − ratio).
 */
function dropout(node: OnnxNode): Tensor[] {
  const x = node.input(0);
  const ratio = node.values(1)?.[0] ?? optionalNumber(node, 'ratio', 0.5);
  const isTraining = node.opset >= 12 && (node.values(2)?.[0] ?? 0) !== 0;
  if (!isTraining || ratio === 0) return [x, constant(full(x.shape, 1))];
  const drawn = node.expected(1) ?? node.expected(0);
  if (drawn === undefined) throw new FormatError(`${node.id}: neither a mask nor a result is given.`);
  const mask = constant(maskOf(drawn));
  const scale = ratio < 1 ? 1 / (1 - ratio) : 1;
  return [elementwise((value, keep) => scalar.select(scalar.notEqual(keep, 0), scalar.mul(value, scale), 0), x, mask), mask];
}

function maskOf(drawn: GoldenTensor): NdArray {
  const flags = Float32Array.from(valuesOf(drawn), (value) => (value === 0 ? 0 : 1));
  return new NdArray(flags, drawn.shape, 'f32');
}

/** Inputs R, T, then for each parameter X, its gradient and its slots, grouped by kind. */
interface Step {
  readonly rate: Tensor;
  /** Steps made before this one. */
  readonly count: number;
  readonly parameters: readonly { readonly x: Tensor; readonly gradient: Tensor; readonly slots: readonly Tensor[] }[];
}

function stepOf(node: OnnxNode, slots: number): Step {
  const kinds = 2 + slots;
  const count = (node.inputCount - 2) / kinds;
  if (!Number.isInteger(count))
    throw new FormatError(`${node.id} has ${node.inputCount} inputs, which is not 2 and a multiple of ${kinds}.`);
  const at = (kind: number, index: number): Tensor => node.input(2 + kind * count + index);
  const decay = optionalNumber(node, 'norm_coefficient', 0);
  return {
    rate: node.input(0),
    count: node.values(1)?.[0] ?? 0,
    parameters: Array.from({ length: count }, (_, index) => {
      const x = at(0, index);
      return {
        x,
        gradient: add(mul(x, decay), at(1, index)),
        slots: Array.from({ length: slots }, (_slot, slot) => at(2 + slot, index)),
      };
    }),
  };
}

/** New parameters, then each slot of all of them: columns of the rows given. */
function byKind(rows: readonly (readonly Tensor[])[]): Tensor[] {
  return (rows[0] ?? []).flatMap((_, kind) => rows.map((row) => row[kind]!));
}

function adam(node: OnnxNode): Tensor[] {
  const { rate, count, parameters } = stepOf(node, 2);
  const [alpha, beta] = [optionalNumber(node, 'alpha', 0.9), optionalNumber(node, 'beta', 0.999)];
  const corrected = count > 0 ? mul(rate, Math.sqrt(1 - beta ** count) / (1 - alpha ** count)) : rate;
  const decayAfter = optionalNumber(node, 'norm_coefficient_post', 0);
  return byKind(
    parameters.map(({ x, gradient, slots: [v, h] }) => {
      const first = add(mul(v!, alpha), mul(gradient, 1 - alpha));
      const second = add(mul(h!, beta), mul(square(gradient), 1 - beta));
      const moved = sub(x, div(mul(corrected, first), add(sqrt(second), optionalNumber(node, 'epsilon', 1e-6))));
      return [mul(moved, 1 - decayAfter), first, second];
    }),
  );
}

function adagrad(node: OnnxNode): Tensor[] {
  const { rate, count, parameters } = stepOf(node, 1);
  const decayed = div(rate, 1 + count * optionalNumber(node, 'decay_factor', 0));
  return byKind(
    parameters.map(({ x, gradient, slots: [h] }) => {
      const accumulated = add(h!, square(gradient));
      const adaptive = add(sqrt(accumulated), optionalNumber(node, 'epsilon', 1e-6));
      return [sub(x, div(mul(decayed, gradient), adaptive)), accumulated];
    }),
  );
}

function momentum(node: OnnxNode): Tensor[] {
  const { rate, count, parameters } = stepOf(node, 1);
  const alpha = numberSetting(node, 'alpha');
  // The very first gradient is not dampened.
  const beta = count > 0 ? numberSetting(node, 'beta') : 1;
  const isNesterov = textSetting(node, 'mode', 'standard') === 'nesterov';
  return byKind(
    parameters.map(({ x, gradient, slots: [v] }) => {
      const velocity = add(mul(v!, alpha), mul(gradient, beta));
      const direction = isNesterov ? add(gradient, mul(velocity, alpha)) : velocity;
      return [sub(x, mul(rate, direction)), velocity];
    }),
  );
}

export const trainingOperators: Readonly<Record<string, OnnxOperator>> = {
  NegativeLogLikelihoodLoss: negativeLogLikelihood,
  SoftmaxCrossEntropyLoss: crossEntropy,
  Dropout: dropout,
  Adam: adam,
  Adagrad: adagrad,
  Momentum: momentum,
};
