// Dropout: a random part of the activations is zero, another one in every step.
import type { Layer } from '@nn/core';
import { defineFactory } from '@nn/core';
import { defaults } from './defaults.ts';
import type { DropoutOptions } from './dropping.ts';
import { dropoutLayer } from './dropping.ts';

/**
 * Dropout of x of any shape. Values are selected, not multiplied by a mask, so that a dropped infinity is 0 and not NaN;
 * `rate: 1` gives zeros. The mask depends on seed, layer path, call and step only: the same bits on every backend.
 * Source: Srivastava et al., "Dropout" (2014); lectures 001 and 003 (both scalings).
 *
 * @throws ConfigError for a rate outside [0, 1]
 */
export const dropout = defineFactory('dropout', createDropout, createDropout);

function createDropout(options: DropoutOptions = {}): Layer {
  return dropoutLayer('dropout', options, { defaults: defaults.dropout, numbersFor: (shape) => shape });
}
