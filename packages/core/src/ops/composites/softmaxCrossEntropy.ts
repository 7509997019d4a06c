// `softmaxCrossEntropy`: −Σ q log softmax(logits) per row, with its gradient as one op, (softmax − q) · dL.
import type { TensorSpec } from '../../array/dtype.ts';
import { specText } from '../../array/dtype.ts';
import { DTypeError, ShapeError } from '../../errors/errors.ts';
import { checkNumber, resolveOptions } from '../../errors/options.ts';
import type { Tensor } from '../../program/tensor.ts';
import * as scalar from '../../scalar/index.ts';
import { div, elementwise, exp, log, sub } from '../elementwise.ts';
import { expectDTypeOf, expectInputs, expectRank } from '../expect.ts';
import { sum } from '../reductions.ts';
import { iota, reshape } from '../shaping.ts';
import type { Composite } from '../spec.ts';
import { callComposite } from './composite.ts';
import { shifted } from './softmax.ts';

type CrossEntropyAttrs = { readonly labelSmoothing: number };
const keep = { keepDims: true };

/** Inputs: logits f32 [n, classes]; target i32 [n] (class indices) or f32 [n, classes] (soft labels). */
export const softmaxCrossEntropyOp: Composite<'softmaxCrossEntropy', CrossEntropyAttrs, 'loss' | 'probabilities'> = {
  name: 'softmaxCrossEntropy',
  kind: 'composite',
  outputNames: ['loss', 'probabilities'],
  check(inputs, { labelSmoothing }) {
    const [logits, target] = expectInputs('softmaxCrossEntropy', inputs, 2);
    checkTarget(logits, target);
    checkNumber('softmaxCrossEntropy', 'labelSmoothing', labelSmoothing, { from: 0, to: 1 });
  },
  decompose([logits, target], { labelSmoothing }) {
    const z = shifted(logits!, 1);
    const powers = exp(z);
    const total = sum(powers, 1, keep);
    const logProbabilities = sub(z, log(total));
    const weights = smoothedTarget(target!, logits!.shape, labelSmoothing);
    // A class of weight 0 is left out rather than multiplied: its logit may be −∞.
    const terms = elementwise(
      (q, logP) => scalar.select(scalar.equal(q, 0), 0, scalar.mul(scalar.neg(q), logP)),
      weights,
      logProbabilities,
    );
    return { loss: sum(terms, 1), probabilities: div(powers, total) };
  },
  vjp({ inputs: [, target], outputs: [, probabilities], attrs, cotangents: [dLoss, dProbabilities], needs }) {
    if (dLoss === undefined || dProbabilities !== undefined || needs[1]) return undefined;
    return [callComposite(softmaxCrossEntropyGradientOp, [probabilities!, target!, dLoss], attrs).dLogits, null];
  },
  rounds: true,
};

/** Inputs: probabilities f32 [n, classes], target as above, dLoss f32 [n]. */
export const softmaxCrossEntropyGradientOp: Composite<'softmaxCrossEntropyGradient', CrossEntropyAttrs, 'dLogits'> = {
  name: 'softmaxCrossEntropyGradient',
  kind: 'composite',
  outputNames: ['dLogits'],
  decompose([probabilities, target, dLoss], { labelSmoothing }) {
    const weights = smoothedTarget(target!, probabilities!.shape, labelSmoothing);
    const perRow = reshape(dLoss!, [-1, 1]);
    const mass = sum(weights, 1, keep);
    return {
      dLogits: elementwise((p, q, m, d) => scalar.mul(scalar.sub(scalar.mul(p, m), q), d), probabilities!, weights, mass, perRow),
    };
  },
  rounds: true,
};

/** (1 − s) q + s / classes, f32 [n, classes]; NaN in the rows of class indices out of range, so that they cannot go unnoticed. */
function smoothedTarget(target: Tensor, [rows, classes]: readonly number[], smoothing: number): Tensor {
  const floor = smoothing / classes!;
  if (target.dtype === 'f32') {
    return smoothing === 0 ? target : elementwise((q) => scalar.add(scalar.mul(q, 1 - smoothing), floor), target);
  }
  return elementwise(
    (label, index) => {
      const valid = scalar.and(scalar.greaterEqual(label, 0), scalar.less(label, classes!));
      return scalar.select(valid, scalar.select(scalar.equal(label, index), 1 - smoothing + floor, floor), Number.NaN);
    },
    reshape(target, [rows!, 1]),
    iota([rows!, classes!], 1),
  );
}

function checkTarget(logits: TensorSpec, target: TensorSpec): void {
  expectRank('softmaxCrossEntropy', 'the prediction (logits)', logits, 2);
  expectDTypeOf('softmaxCrossEntropy', 'the prediction (logits)', logits, 'f32');
  const [rows, classes] = logits.shape;
  const wanted = `i32 [${rows}] (class indices) or f32 [${rows}, ${classes}] (soft labels)`;
  if (target.dtype === 'i32' || target.dtype === 'f32') {
    const expected = target.dtype === 'i32' ? [rows] : [rows, classes];
    if (target.shape.join() === expected.join()) return;
    throw new ShapeError(`softmaxCrossEntropy: the target is ${specText(target)} for logits ${specText(logits)}; ${wanted} is needed.`);
  }
  throw new DTypeError(`softmaxCrossEntropy: the target is ${specText(target)}; ${wanted} is needed.`);
}

/**
 * Cross-entropy of the softmax of `logits`, per row.
 * @param logits f32 [n, classes] @param target i32 [n] class indices, or f32 [n, classes] soft labels
 * @param options labelSmoothing: weight of the uniform distribution mixed into the target, 0 by default
 * @returns f32 [n]; NaN for a class index out of range
 * @throws ShapeError, DTypeError, ConfigError
 */
export function softmaxCrossEntropy(logits: Tensor, target: Tensor, options: { labelSmoothing?: number } = {}): Tensor {
  return callComposite(softmaxCrossEntropyOp, [logits, target], resolveOptions('softmaxCrossEntropy', options, { labelSmoothing: 0 })).loss;
}
