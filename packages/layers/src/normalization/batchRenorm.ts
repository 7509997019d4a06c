// Batch renormalization: batch normalization, corrected in training towards what inference will do.
import type { Expr, Tensor, VariableSpecs } from '@nn/core';
import { add, defineFactory, elementwise, reshape, resolveOptions, scalar, stopGradient } from '@nn/core';
import { zeros } from '@nn/initializers';
import { affineTensors } from './affine.ts';
import type { BatchNormOptions } from './batchNorm.ts';
import { batchCure } from './batchNorm.ts';
import type { ChannelNormalizer } from './channelNormalizer.ts';
import { channelNormalizer, checkChannelOptions } from './channelNormalizer.ts';
import { singleValueError } from './channels.ts';
import { defaults } from '../defaults.ts';
import { ema } from '../runningStatistics/ema.ts';
import { normalizeOver, reciprocalSpread } from './epsilon.ts';
import type { Ramp } from './ramp.ts';
import { checkRamp, rampAt } from './ramp.ts';
import { momentumHint } from '../runningStatistics/runningStatistics.ts';

export interface BatchRenormOptions extends BatchNormOptions {
  /** The scale r stays within [1/rMax, rMax]: default a ramp from 1 to 3 over the steps 5000 to 40000. */
  readonly rMax?: number | Ramp;
  /** The shift d stays within [−dMax, dMax]: default a ramp from 0 to 5 over the steps 5000 to 25000. */
  readonly dMax?: number | Ramp;
}

/**
 * Batch renormalization of x [batch, …, channels]: in training y = γ (x̂ r + d) + β with the batch-normalized x̂,
 * r = σ_B / σ within [1/rMax, rMax] and d = (μ_B − μ) / σ within [−dMax, dMax], where μ_B, σ_B are those of the batch and μ, σ what is
 * remembered (each σ with its ε). No gradient flows through r and d. Inference is that of batchNorm; so, unless a bound holds, is
 * training. Variables: those of batchNorm, and with ramps the buffer `trainingSteps` i32 []. The default remembers the deviation, with
 * decay 0.99. Source: Ioffe, "Batch Renormalization" (2017), algorithm 1.
 *
 * @throws ConfigError for options out of range; ShapeError for an input of rank below 2, and for a single value per channel in training
 */
export const batchRenorm = defineFactory('batchRenorm', createBatchRenorm, createBatchRenorm);

function createBatchRenorm(options: BatchRenormOptions = {}): ChannelNormalizer {
  const runningStatistics = ema({ decay: 0.99, spread: 'deviation', unbiased: false });
  const resolved = resolveOptions('batchRenorm', options, { ...defaults.batchRenorm, runningStatistics }, momentumHint);
  const { rMax, dMax } = resolved;
  checkRamp('batchRenorm', 'rMax', rMax, 1);
  checkRamp('batchRenorm', 'dMax', dMax, 0);
  checkChannelOptions('batchRenorm', resolved);
  const counted = typeof rMax === 'object' || typeof dMax === 'object';
  return channelNormalizer('batchRenorm', resolved, {
    per: 'batch',
    // d is the difference to what is remembered: it goes on to see a bias.
    subtractsAnyBias: false,
    variables: counted ? stepCounter : {},
    train(x, { axes, channels, count, stretching }, context) {
      if (count < 2) throw singleValueError('batchRenorm', x, count, batchCure);
      const plain = { ...resolved, scale: false, center: false };
      const batch = normalizeOver(x, affineTensors(plain, context, stretching), axes, resolved);
      const moments = { mean: reshape(batch.mean, channels), variance: reshape(batch.variance, channels), count };
      const steps = counted ? [add(context.get('trainingSteps'), 1)] : [];
      for (const step of steps) context.set('trainingSteps', step);
      const remembered = resolved.runningStatistics.read(context);
      const correction = (build: (parts: Correction) => Expr): Tensor =>
        stopGradient(
          elementwise(
            (mean: Expr, variance: Expr, runningMean: Expr, runningVariance: Expr, ...step: Expr[]) =>
              build({
                shift: scalar.sub(mean, runningMean),
                reciprocal: reciprocalSpread(variance, resolved),
                runningReciprocal: reciprocalSpread(runningVariance, resolved),
                step: step[0],
              }),
            moments.mean,
            moments.variance,
            remembered.mean,
            remembered.variance,
            ...steps,
          ),
        );
      const r = correction(({ reciprocal, runningReciprocal, step }) => {
        const bound = rampAt(rMax, step);
        const ratio = scalar.div(runningReciprocal, reciprocal);
        // A channel without deviation has nothing to scale.
        return scalar.select(scalar.equal(reciprocal, 0), 1, scalar.min(scalar.max(ratio, scalar.div(1, bound)), bound));
      });
      const d = correction(({ shift, runningReciprocal, step }) => {
        const bound = rampAt(dMax, step);
        return scalar.min(scalar.max(scalar.mul(shift, runningReciprocal), scalar.neg(bound)), bound);
      });
      const { gamma, beta } = affineTensors(resolved, context, stretching);
      const y = elementwise(
        (value, scale, shift, g, b) => scalar.add(scalar.mul(scalar.add(scalar.mul(value, scale), shift), g), b),
        batch.y,
        reshape(r, stretching),
        reshape(d, stretching),
        gamma,
        beta,
      );
      return { y, moments };
    },
    remembering: (other) => createBatchRenorm({ ...resolved, runningStatistics: other }),
  });
}

/** What r and d are made of, per channel. */
interface Correction {
  /** Mean of the batch minus the remembered one. */
  readonly shift: Expr;
  readonly reciprocal: Expr;
  readonly runningReciprocal: Expr;
  /** The number of this step, i32 and from 1 on, when it matters. */
  readonly step: Expr | undefined;
}

const stepCounter: VariableSpecs = { trainingSteps: { shape: [], dtype: 'i32', role: 'buffer', init: zeros() } };
