// Binary cross-entropy: the loss of questions that are answered by yes or no, each for itself.
import type { Expr, Loss } from '@nn/core';
import { checkNumber, constant, defineFactory, elementwise, ndarray, resolveOptions, scalar } from '@nn/core';
import { ConfigError, ShapeError, specText } from '@nn/core';
import { checkAligned, meanOfSamples } from './regression.ts';

export interface BinaryCrossEntropyOptions {
  /** Factor on the terms of positive targets, above 0: one for all, or one for each entry of the last axis (1). */
  readonly positiveWeight?: number | readonly number[];
  /** Pulls targets to the middle by this part, in [0, 1]: target · (1 − s) + s/2 (0). */
  readonly labelSmoothing?: number;
}

/**
 * −w·t·log σ(z) − (1 − t)·log(1 − σ(z)), averaged over everything but the batch. Logits z and targets t from 0 to 1 are f32 of one shape
 * [batch, …]; the last layer of the model has no sigmoid of its own. Computed as w·t·softplus(−z) + (1 − t)·softplus(z), which is finite
 * for logits of any size.
 *
 * @throws ConfigError for a weight that is not above 0 or a smoothing outside [0, 1]
 */
export const binaryCrossEntropy = defineFactory('binaryCrossEntropy', createBinaryCrossEntropy, createBinaryCrossEntropy);

function createBinaryCrossEntropy(given: BinaryCrossEntropyOptions = {}): Loss {
  const options = resolveOptions<Required<BinaryCrossEntropyOptions>>(
    'binaryCrossEntropy',
    given,
    { positiveWeight: 1, labelSmoothing: 0 },
    { posWeight: 'Give positiveWeight.', fromLogits: 'It takes logits always; leave the sigmoid of the last layer out.' },
  );
  const { positiveWeight, labelSmoothing } = options;
  checkNumber('binaryCrossEntropy', 'labelSmoothing', labelSmoothing, { from: 0, to: 1 });
  checkWeights(positiveWeight);
  return Object.freeze<Loss>({
    kind: 'binaryCrossEntropy',
    options: Object.freeze(options),
    targetRange: [0, 1],
    apply(logits, target) {
      checkAligned('binaryCrossEntropy', logits, target);
      if (typeof positiveWeight === 'number') {
        return meanOfSamples(elementwise((z, t) => term(z, t, positiveWeight, labelSmoothing), logits, target));
      }
      if (logits.shape.length < 2 || logits.shape.at(-1) !== positiveWeight.length) {
        throw new ShapeError(
          `binaryCrossEntropy: there are ${positiveWeight.length} positive weights for logits ${specText(logits)}; one per entry of the last axis is needed.`,
        );
      }
      const weights = constant(ndarray([...positiveWeight], { dtype: 'f32' }));
      return meanOfSamples(elementwise((z, t, w) => term(z, t, w, labelSmoothing), logits, target, weights));
    },
  });
}

function term(logit: Expr, target: Expr, positiveWeight: Expr | number, smoothing: number): Expr {
  const t = smoothing === 0 ? target : scalar.add(scalar.mul(target, 1 - smoothing), smoothing / 2);
  const yes = scalar.mul(scalar.mul(positiveWeight, t), scalar.softplus(scalar.neg(logit)));
  return scalar.add(yes, scalar.mul(scalar.sub(1, t), scalar.softplus(logit)));
}

function checkWeights(weights: number | readonly number[]): void {
  const each: readonly number[] = Array.isArray(weights) ? weights : [weights];
  if (each.length === 0) throw new ConfigError('binaryCrossEntropy: positiveWeight is an empty list.');
  each.forEach((weight) => checkNumber('binaryCrossEntropy', 'positiveWeight', weight, { above: 0 }));
}
