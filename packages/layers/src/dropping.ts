// What layers share that are random in training: when they are, and which values they drop.
import type { Context, Expr, ForeignNames, Layer, Shape, Tensor } from '@nn/core';
import { checkChoice, checkNumber, elementwise, mul, resolveOptions, scalar } from '@nn/core';

/** When a random layer is random. */
export interface ActiveOptions {
  /** `'always'` draws in inference as well, for Monte-Carlo estimates: default `'training'`. */
  readonly active?: 'training' | 'always';
}

export interface DropoutOptions extends ActiveOptions {
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

/** @throws ConfigError unless it is `'training'` or `'always'` */
export function checkActive(kind: string, active: Required<ActiveOptions>['active']): void {
  checkChoice(kind, 'active', active, ['training', 'always']);
}

/** Whether a random layer draws in this trace. */
export function draws({ training }: Context, { active }: Required<ActiveOptions>): boolean {
  return training || active === 'always';
}

/**
 * Whether a value is dropped, from its uniform number. Those are multiples of 2⁻²⁴; with the bound among them, float32 and float64
 * backends drop the same values.
 */
export function isDropped(uniform: Expr, rate: number): Expr {
  return scalar.less(uniform, Math.round(rate * 2 ** 24) / 2 ** 24);
}

/**
 * A layer that drops values together that share one uniform number.
 * @param numbersFor shape of the uniform numbers for x of a shape, with extent 1 where they are shared
 * @throws ConfigError for a rate outside [0, 1] and for unknown choices
 */
export function dropoutLayer(
  kind: string,
  given: DropoutOptions,
  { defaults, numbersFor }: { readonly defaults: Required<DropoutOptions>; readonly numbersFor: (x: Shape) => Shape },
): Layer {
  const resolved = resolveOptions(kind, given, defaults, foreignRates);
  const { rate, scaling, active } = resolved;
  checkNumber(kind, 'rate', rate, { from: 0, to: 1 });
  checkChoice(kind, 'scaling', scaling, ['train', 'inference']);
  checkActive(kind, active);
  const keptScale = scaling === 'train' && rate < 1 ? 1 / (1 - rate) : 1;
  return Object.freeze({
    kind,
    options: Object.freeze(resolved),
    variables: () => ({}),
    apply(x: Tensor, context: Context): Tensor {
      if (rate === 0) return x;
      if (!draws(context, resolved)) return scaling === 'inference' ? mul(x, 1 - rate) : x;
      return elementwise(
        (value, uniform) => scalar.select(isDropped(uniform, rate), 0, scalar.mul(value, keptScale)),
        x,
        context.uniform(numbersFor(x.shape)),
      );
    },
  });
}
