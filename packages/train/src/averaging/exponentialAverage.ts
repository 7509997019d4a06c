// The exponential moving average of the parameters: smoother than they are, and often better.
import { checkFlag, checkNumber, defineFactory, elementwise, resolveOptions, scalar } from '@nn/core';
import type { WeightAverage } from './weightAverage.ts';

export interface ExponentialAverageOptions {
  /** Weight of the old average, in [0, 1) (0.999): about 1 / (1 − decay) updates are remembered. */
  readonly decay?: number;
  /** Begins with a small decay, min(decay, (1 + t) / (10 + t)) in update t, as TensorFlow does with a step count (false). */
  readonly warmUp?: boolean;
}

/**
 * a ← decay · a + (1 − decay) · w after every update; the first update gives w itself.
 * Source: Polyak, Juditsky, "Acceleration of stochastic approximation by averaging" (1992); Tarvainen, Valpola, "Mean teachers" (2017).
 *
 * @throws ConfigError unless the decay is a number in [0, 1)
 */
export const exponentialAverage = defineFactory('exponentialAverage', createExponentialAverage, createExponentialAverage);

function createExponentialAverage(given: ExponentialAverageOptions = {}): WeightAverage {
  const options = resolveOptions('exponentialAverage', given, { decay: 0.999, warmUp: false });
  const { decay, warmUp } = options;
  checkNumber('exponentialAverage', 'decay', decay, { from: 0, below: 1 });
  checkFlag('exponentialAverage', 'warmUp', warmUp);
  return Object.freeze<WeightAverage>({
    kind: 'exponentialAverage',
    options: Object.freeze(options),
    update(average, parameter, update) {
      const weight = elementwise((step) => {
        const t = scalar.cast(step, 'f32');
        const old = warmUp ? scalar.min(decay, scalar.div(scalar.add(t, 1), scalar.add(t, 10))) : scalar.constant(decay, 'f32');
        return scalar.select(scalar.equal(step, 1), 0, old);
      }, update);
      return elementwise((a, w, d) => scalar.add(scalar.mul(d, a), scalar.mul(scalar.sub(1, d), w)), average, parameter, weight);
    },
  });
}
