// What layers share that are random in training: when they are, and which values they drop.
import type { Context, Expr, ForeignNames, Layer, Shape, Tensor } from '@nn/core';
import { checkChoice, checkNumber, elementwise, mul, scalar } from '@nn/core';
import { expectFloats } from '../floats.ts';

/** When a random layer is random. */
export interface ActiveOptions {
  /** `'always'` draws in inference as well, for Monte-Carlo estimates: default `'training'`. */
  readonly active?: 'training' | 'always';
}

/** Options of every layer that drops values. */
export interface DroppingOptions extends ActiveOptions {
  /** The probability that a value is dropped, from 0 to 1: default 0.5. The lectures' p is the probability to keep, 1 − rate. */
  readonly rate?: number;
  /** Where the expected value is kept: kept values times 1/(1 − rate) in training (default), or all values times 1 − rate in inference. */
  readonly scaling?: 'train' | 'inference';
}

/** Names other libraries use, and what they are here. */
export const foreignRates: ForeignNames = {
  p: 'Give rate, the probability to drop.',
  keepProb: 'Give rate, the probability to drop: 1 − keepProb.',
};

/** Whether a random layer draws in this trace. */
export function draws({ training }: Context, { active }: Required<ActiveOptions>): boolean {
  return training || active === 'always';
}

/** What a random layer does to x. */
interface RandomChange {
  /** Whether its options leave x as it is, always. */
  readonly idle: boolean;
  /** Where it draws. */
  readonly drawn: (x: Tensor, context: Context) => Tensor;
  /** Elsewhere: nothing, if left out. */
  readonly settled?: (x: Tensor) => Tensor;
}

/**
 * A layer that is random in training, or always. It refuses integers, whose noise and scale would be integers too.
 * @param options resolved ones
 * @throws ConfigError unless `active` is `'training'` or `'always'`
 */
export function randomLayer(kind: string, options: Required<ActiveOptions>, { idle, drawn, settled = (x) => x }: RandomChange): Layer {
  checkChoice(kind, 'active', options.active, ['training', 'always']);
  return Object.freeze({
    kind,
    options: Object.freeze({ ...options }),
    variables: () => ({}),
    apply(x: Tensor, context: Context): Tensor {
      expectFloats(kind, x);
      if (idle) return x;
      return draws(context, options) ? drawn(x, context) : settled(x);
    },
  });
}

/**
 * Whether a value is dropped, from its uniform number. Those are multiples of 2⁻²⁴; with the bound among them, float32 and float64
 * backends drop the same values.
 */
export function isDropped(uniform: Expr, rate: number): Expr {
  return scalar.less(uniform, Math.round(rate * 2 ** 24) / 2 ** 24);
}

/**
 * A layer that drops values.
 * @param options resolved ones
 * @param numbersFor shape of the uniform numbers for x of a shape, with extent 1 where values share one and are dropped together
 * @throws ConfigError for a rate outside [0, 1] and for unknown choices
 */
export function dropoutLayer(kind: string, options: Required<DroppingOptions>, numbersFor: (x: Shape) => Shape = (shape) => shape): Layer {
  const { rate, scaling } = options;
  checkNumber(kind, 'rate', rate, { from: 0, to: 1 });
  checkChoice(kind, 'scaling', scaling, ['train', 'inference']);
  const keptScale = scaling === 'train' && rate < 1 ? 1 / (1 - rate) : 1;
  const changed = (value: Expr, uniform: Expr): Expr => scalar.select(isDropped(uniform, rate), 0, scalar.mul(value, keptScale));
  return randomLayer(kind, options, {
    idle: rate === 0,
    drawn: (x, context) => elementwise(changed, x, context.uniform(numbersFor(x.shape))),
    settled: (x) => (scaling === 'inference' ? mul(x, 1 - rate) : x),
  });
}
