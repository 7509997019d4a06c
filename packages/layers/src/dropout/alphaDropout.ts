// Alpha dropout: for networks of selu, whose activations have mean 0 and variance 1 that plain dropout would move.
import type { Expr, Layer } from '@nn/core';
import { checkNumber, defineFactory, elementwise, resolveOptions, scalar } from '@nn/core';
import { defaults } from '../defaults.ts';
import type { ActiveOptions } from './dropping.ts';
import { foreignRates, isDropped, randomLayer } from './dropping.ts';
import type { NoiseShape } from './noiseShape.ts';
import { checkedNoiseShape, numbersShape } from './noiseShape.ts';

export interface AlphaDropoutOptions extends ActiveOptions {
  /** The probability that a value is dropped, from 0 to 1: default 0.5. */
  readonly rate?: number;
  /** The shape of the mask, as dropout has it: default null, x's own. */
  readonly noiseShape?: NoiseShape | null;
}

/** What selu gives far below 0: −λα. Dropped values are put there. */
const saturation = -scalar.seluLambda * scalar.seluAlpha;

/**
 * a·(x, or −λα where it is dropped) + b, with a = (q + λ²α²·q·(1 − q))^(−1/2), b = a·(1 − q)·λα and q = 1 − rate: mean 0 and variance 1
 * stay mean 0 and variance 1. `rate: 1` gives zeros. Inference leaves x as it is.
 * Source: Klambauer et al., "Self-Normalizing Neural Networks" (2017); lecture 004.
 *
 * @throws ConfigError for a rate outside [0, 1] or a mask's shape that is none; ShapeError for x that the mask does not fit
 */
export const alphaDropout = defineFactory('alphaDropout', createAlphaDropout, createAlphaDropout);

function createAlphaDropout(options: AlphaDropoutOptions = {}): Layer {
  const given = resolveOptions('alphaDropout', options, defaults.alphaDropout, foreignRates);
  const { rate } = given;
  const noiseShape = checkedNoiseShape('alphaDropout', given.noiseShape);
  const resolved = { ...given, noiseShape };
  checkNumber('alphaDropout', 'rate', rate, { from: 0, to: 1 });
  const { scale, shift } = alphaDropoutCorrection(rate);
  const changed = (value: Expr, uniform: Expr): Expr =>
    scalar.select(isDropped(uniform, rate), scale * saturation + shift, scalar.add(scalar.mul(value, scale), shift));
  return randomLayer('alphaDropout', resolved, {
    idle: rate === 0,
    drawn: (x, context) => elementwise(changed, x, context.uniform(numbersShape('alphaDropout', noiseShape, x.shape))),
  });
}

/** The map scale · x + shift that restores mean 0 and variance 1 after dropping at a rate: the a and b of the paper. With nothing kept, zeros. */
export function alphaDropoutCorrection(rate: number): { readonly scale: number; readonly shift: number } {
  if (rate === 1) return { scale: 0, shift: 0 };
  const kept = 1 - rate;
  const scale = (kept + saturation ** 2 * kept * rate) ** -0.5;
  return { scale, shift: -scale * rate * saturation };
}
