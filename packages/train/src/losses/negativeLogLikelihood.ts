// Negative log-likelihood: for models that end in log-probabilities.
import type { Loss } from '@nn/core';
import { defineFactory, elementwise, mul, resolveOptions, scalar, sum } from '@nn/core';
import { targetRows } from './classTargets.ts';
import { checkClassWeights, classWeightsTensor } from './classWeights.ts';

export interface NegativeLogLikelihoodOptions {
  /** Factor on the terms of each class, in the order of the classes (1 for all). */
  readonly classWeights?: readonly number[];
}

interface Resolved {
  readonly classWeights: readonly number[] | undefined;
}

/**
 * −Σ_c w_c q_c log p_c per sample, with log-probabilities [batch, classes] as `logSoftmax` gives them and the target q: class indices
 * i32 [batch] or soft labels f32 [batch, classes]. Over `logSoftmax` it is `softmaxCrossEntropy`, which takes logits and is one op.
 *
 * @throws ConfigError for weights that are negative or not finite
 */
export const negativeLogLikelihood = defineFactory('negativeLogLikelihood', createNegativeLogLikelihood, createNegativeLogLikelihood);

function createNegativeLogLikelihood(given: NegativeLogLikelihoodOptions = {}): Loss {
  const options = resolveOptions<Resolved>('negativeLogLikelihood', given, { classWeights: undefined });
  const { classWeights } = options;
  if (classWeights !== undefined) checkClassWeights('negativeLogLikelihood', classWeights);
  return Object.freeze<Loss>({
    kind: 'negativeLogLikelihood',
    options: Object.freeze(options),
    apply(logProbabilities, target) {
      const rows = targetRows('negativeLogLikelihood', logProbabilities, target);
      const weighted =
        classWeights === undefined ? rows : mul(rows, classWeightsTensor('negativeLogLikelihood', classWeights, logProbabilities));
      // A class of weight 0 is left out rather than multiplied: its log-probability may be −∞.
      const terms = elementwise(
        (q, logP) => scalar.select(scalar.equal(q, 0), 0, scalar.mul(scalar.neg(q), logP)),
        weighted,
        logProbabilities,
      );
      return sum(terms, 1);
    },
  });
}
