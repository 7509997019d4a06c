// Gradient transforms that limit gradients before the optimizer sees them.
import type { GradientTransform, Tensor } from '@nn/core';
import { add, checkNumber, clamp, defineFactory, elementwise, scalar, square, sqrt, sum } from '@nn/core';

type Gradients = Readonly<Record<string, Tensor>>;

/**
 * The Euclidean length of all gradients together, as of one long vector: f32 [].
 * @param gradients at least one
 */
export function globalNorm(gradients: Gradients): Tensor {
  return sqrt(
    Object.values(gradients)
      .map((gradient) => sum(square(gradient)))
      .reduce((total, squares) => add(total, squares)),
  );
}

/**
 * Scales all gradients by one factor so that their global norm is at most `max`; the direction is kept.
 * Gradients within the limit keep their bits: the factor max / maximum(norm, max) is then exactly 1.
 * Source: Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks" (2013).
 *
 * @throws ConfigError unless `max` is a finite number above 0
 */
export const clipByNorm = defineFactory(
  'clipByNorm',
  (max: number): GradientTransform => {
    checkNumber('clipByNorm', 'max', max, { above: 0 });
    return Object.freeze<GradientTransform>({
      kind: 'clipByNorm',
      options: { max },
      apply(gradients) {
        if (Object.keys(gradients).length === 0) return gradients;
        const factor = elementwise((norm) => scalar.div(max, scalar.max(norm, max)), globalNorm(gradients));
        return mapGradients(gradients, (gradient) => gradient.mul(factor));
      },
    });
  },
  ({ max }): GradientTransform => clipByNorm(max as number),
);

/**
 * Limits every element of every gradient to [−max, max].
 * @throws ConfigError unless `max` is a finite number above 0
 */
export const clipByValue = defineFactory(
  'clipByValue',
  (max: number): GradientTransform => {
    checkNumber('clipByValue', 'max', max, { above: 0 });
    return Object.freeze<GradientTransform>({
      kind: 'clipByValue',
      options: { max },
      apply: (gradients) => mapGradients(gradients, (gradient) => clamp(gradient, -max, max)),
    });
  },
  ({ max }): GradientTransform => clipByValue(max as number),
);

function mapGradients(gradients: Gradients, change: (gradient: Tensor) => Tensor): Gradients {
  return Object.fromEntries(Object.entries(gradients).map(([path, gradient]) => [path, change(gradient)]));
}
