// Alpha dropout: for networks of selu, whose activations have mean 0 and variance 1 that plain dropout would move.
import type { Context, Layer, Tensor } from '@nn/core';
import { checkNumber, defineFactory, elementwise, resolveOptions, scalar } from '@nn/core';
import { defaults } from './defaults.ts';
import type { ActiveOptions } from './dropping.ts';
import { checkActive, draws, foreignRates, isDropped } from './dropping.ts';

export interface AlphaDropoutOptions extends ActiveOptions {
  /** The probability that a value is dropped, from 0 to 1: default 0.5. */
  readonly rate?: number;
}

/** What selu gives far below 0: −λα. Dropped values are put there. */
const saturation = -scalar.seluLambda * scalar.seluAlpha;

/**
 * a·(x, or −λα where it is dropped) + b, with a = (q + λ²α²·q·(1 − q))^(−1/2), b = a·(1 − q)·λα and q = 1 − rate: mean 0 and variance 1
 * stay mean 0 and variance 1. `rate: 1` gives zeros. Inference leaves x as it is.
 * Source: Klambauer et al., "Self-Normalizing Neural Networks" (2017); lecture 004.
 *
 * @throws ConfigError for a rate outside [0, 1]
 */
export const alphaDropout = defineFactory('alphaDropout', createAlphaDropout, createAlphaDropout);

function createAlphaDropout(options: AlphaDropoutOptions = {}): Layer {
  const resolved = resolveOptions('alphaDropout', options, defaults.alphaDropout, foreignRates);
  const { rate, active } = resolved;
  checkNumber('alphaDropout', 'rate', rate, { from: 0, to: 1 });
  checkActive('alphaDropout', active);
  const { scale, shift } = alphaDropoutCorrection(rate);
  return Object.freeze({
    kind: 'alphaDropout',
    options: Object.freeze(resolved),
    variables: () => ({}),
    apply(x: Tensor, context: Context): Tensor {
      if (rate === 0 || !draws(context, resolved)) return x;
      return elementwise(
        (value, uniform) =>
          scalar.select(isDropped(uniform, rate), scale * saturation + shift, scalar.add(scalar.mul(value, scale), shift)),
        x,
        context.uniform(x.shape),
      );
    },
  });
}

/** The map scale · x + shift that restores mean 0 and variance 1 after dropping at a rate: the a and b of the paper. With nothing kept, zeros. */
export function alphaDropoutCorrection(rate: number): { readonly scale: number; readonly shift: number } {
  if (rate === 1) return { scale: 0, shift: 0 };
  const kept = 1 - rate;
  const scale = (kept + saturation ** 2 * kept * rate) ** -0.5;
  return { scale, shift: -scale * rate * saturation };
}
