// Dropout: a random part of the activations is zero, another one in every step.
import type { Layer } from '@nn/core';
import { defineFactory, resolveOptions } from '@nn/core';
import { defaults } from '../defaults.ts';
import type { DroppingOptions } from './dropping.ts';
import { dropoutLayer, foreignRates } from './dropping.ts';
import type { NoiseShape } from './noiseShape.ts';
import { checkedNoiseShape, numbersShape } from './noiseShape.ts';

export interface DropoutOptions extends DroppingOptions {
  /**
   * The shape of the mask: `[null, 1, null]` drops a feature of a sample at all of its steps. Default null: x's own shape, so that every
   * value is dropped or kept for itself.
   */
  readonly noiseShape?: NoiseShape | null;
}

/**
 * Dropout of x of any shape. Values are selected, not multiplied by a mask, so that a dropped infinity is 0 and not NaN;
 * `rate: 1` gives zeros. The mask depends on seed, layer path, call and step only: the same bits on every backend.
 * Source: Srivastava et al., "Dropout" (2014); lectures 001 and 003 (both scalings).
 *
 * @throws ConfigError for a rate outside [0, 1] or a mask's shape that is none; ShapeError for x that the mask does not fit
 */
export const dropout = defineFactory('dropout', createDropout, createDropout);

function createDropout(options: DropoutOptions = {}): Layer {
  const given = resolveOptions('dropout', options, defaults.dropout, foreignRates);
  const noiseShape = checkedNoiseShape('dropout', given.noiseShape);
  const resolved = { ...given, noiseShape };
  return dropoutLayer('dropout', resolved, (shape) => numbersShape('dropout', noiseShape, shape));
}
