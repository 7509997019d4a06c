// DropConnect: a random part of the weights is zero, another one in every step.
import type { Layer } from '@nn/core';
import { defineFactory } from '@nn/core';
import { defaults } from './defaults.ts';
import type { DropoutOptions } from './dropping.ts';
import { dropoutLayer } from './dropping.ts';

/**
 * DropConnect of a kernel, as `dense(10, { kernelTransform: dropConnect({ rate: 0.5 }) })`: θ* = θ ⊙ P with P of θ's shape, one mask for
 * all samples of a step. Only weights that are kept get a gradient. Options and masks are those of dropout: inverted scaling by default.
 * Source: Wan et al., "Regularization of neural networks using DropConnect" (2013); lecture 001.
 *
 * @throws ConfigError for a rate outside [0, 1]
 */
export const dropConnect = defineFactory('dropConnect', createDropConnect, createDropConnect);

function createDropConnect(options: DropoutOptions = {}): Layer {
  return dropoutLayer('dropConnect', options, { defaults: defaults.dropout, numbersFor: (shape) => shape });
}
