// Multi-class hinge: the class must score higher than the others by a margin.
import type { Loss } from '@nn/core';
import { checkChoice, checkFlag, checkNumber, defineFactory, elementwise, max, mul, resolveOptions, scalar, square, sum } from '@nn/core';
import { checkClassTarget, targetRows } from './classTargets.ts';
import { checkClassWeights, weightsOfSamples } from './classWeights.ts';

export interface MulticlassHingeOptions {
  /** By how much the class must score higher than another one, above 0 (1). */
  readonly margin?: number;
  /** Adds up what is missing over all other classes (`'sum'`, default), or takes the largest of it (`'max'`). */
  readonly over?: 'sum' | 'max';
  /** Squares what is missing, so that the gradient has no jump where the margin is reached (false). */
  readonly squared?: boolean;
  /** Factor on the loss of the samples of each class, in the order of the classes (1 for all). */
  readonly classWeights?: readonly number[];
}

type Resolved = Required<Omit<MulticlassHingeOptions, 'classWeights'>> & { readonly classWeights: readonly number[] | undefined };

const defaults: Resolved = { margin: 1, over: 'sum', squared: false, classWeights: undefined };

/**
 * Σ_{j≠y} max(0, f_j − f_y + margin) per sample, with scores f [batch, classes] and class indices y, i32 [batch]. Where all scores are
 * equal it is margin · (classes − 1). The gradient where a margin is reached exactly is 0.
 *
 * Source: lecture 003; Weston, Watkins, "Support vector machines for multi-class pattern recognition" (1999). With `over: 'max'` it is
 * that of Crammer and Singer (2001), Keras' categorical hinge. PyTorch's multi-margin loss is the sum divided by the number of classes.
 *
 * @throws ConfigError for options out of range
 */
export const multiclassHinge = defineFactory('multiclassHinge', createMulticlassHinge, createMulticlassHinge);

function createMulticlassHinge(given: MulticlassHingeOptions = {}): Loss {
  const options = resolveOptions<Resolved>('multiclassHinge', given, defaults, { p: 'Give squared: true.' });
  const { margin, over, squared, classWeights } = options;
  checkNumber('multiclassHinge', 'margin', margin, { above: 0 });
  checkChoice('multiclassHinge', 'over', over, ['sum', 'max']);
  checkFlag('multiclassHinge', 'squared', squared);
  if (classWeights !== undefined) checkClassWeights('multiclassHinge', classWeights);
  return Object.freeze<Loss>({
    kind: 'multiclassHinge',
    options: Object.freeze(options),
    apply(scores, target) {
      checkClassTarget('multiclassHinge', scores, target, { indicesOnly: true });
      const hits = targetRows('multiclassHinge', scores, target);
      // Chosen, not multiplied by 0: the other scores may be infinite. NaN of a label out of range goes on.
      const own = sum(
        elementwise((hit, score) => scalar.select(scalar.equal(hit, 0), 0, scalar.mul(hit, score)), hits, scores),
        1,
        { keepDims: true },
      );
      const missing = elementwise(
        (hit, score, of) => scalar.select(scalar.equal(hit, 1), 0, scalar.relu(scalar.add(scalar.sub(score, of), margin))),
        hits,
        scores,
        own,
      );
      const excess = squared ? square(missing) : missing;
      const perSample = over === 'sum' ? sum(excess, 1) : max(excess, 1);
      return classWeights === undefined ? perSample : mul(perSample, weightsOfSamples('multiclassHinge', classWeights, scores, target));
    },
  });
}
