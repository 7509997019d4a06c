// The learning rate that optimizers take: a number, or a schedule on the host; and where it stands.
import type { ForeignNames, Schedule } from '@nn/core';
import { checkNumber } from '@nn/core';

/** Where the rate stands beside a velocity: v ← μv + g, w ← w − rate · v (`'outside'`), or v ← μv − rate · g, w ← w + v (`'inside'`). */
export type LearningRateMode = 'outside' | 'inside';

export const learningRateModes: readonly LearningRateMode[] = ['outside', 'inside'];

/** Names other libraries use, and what they are here. */
export const foreignNames: ForeignNames = {
  clipNorm: 'Give createTrainer gradientTransforms: [clipByNorm(max)].',
  clipValue: 'Give createTrainer gradientTransforms: [clipByValue(max)].',
  eps: 'Give epsilon.',
  lr: 'Give learningRate.',
};

/** Returns `rate`; what a schedule gives is checked when it is asked. @throws ConfigError for a number that is negative or not finite */
export function checkLearningRate(owner: string, rate: number | Schedule): number | Schedule {
  return typeof rate === 'function' ? rate : checkNumber(owner, 'learningRate', rate, { from: 0 });
}
