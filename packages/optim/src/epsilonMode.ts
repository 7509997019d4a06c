// Where epsilon stands beside the root that a gradient is divided by.
import type { Expr } from '@nn/core';
import { scalar } from '@nn/core';

/** `'outside'`: √s + ε (PyTorch); `'inside'`: √(s + ε) (Keras, TensorFlow). */
export type EpsilonMode = 'outside' | 'inside';

export const epsilonModes: readonly EpsilonMode[] = ['outside', 'inside'];

export function rootWithEpsilon(meanSquare: Expr, epsilon: number, mode: EpsilonMode): Expr {
  return mode === 'inside' ? scalar.sqrt(scalar.add(meanSquare, epsilon)) : scalar.add(scalar.sqrt(meanSquare), epsilon);
}
