// Spatial dropout: whole channels are dropped, because the pixels of one say the same.
import type { Layer, Shape } from '@nn/core';
import { ShapeError, defineFactory, resolveOptions, shapeText } from '@nn/core';
import { defaults } from '../defaults.ts';
import type { DroppingOptions } from './dropping.ts';
import { dropoutLayer, foreignRates } from './dropping.ts';

/**
 * Dropout of whole channels of x [batch, …, channels]: each sample keeps or loses a channel at all of its positions.
 * Source: Tompson et al., "Efficient object localization using convolutional networks" (2015).
 *
 * @throws ConfigError for a rate outside [0, 1]; ShapeError for x without channels
 */
export const spatialDropout = defineFactory('spatialDropout', createSpatialDropout, createSpatialDropout);

function createSpatialDropout(options: DroppingOptions = {}): Layer {
  const resolved = resolveOptions('spatialDropout', options, defaults.spatialDropout, foreignRates);
  return dropoutLayer('spatialDropout', resolved, onePerChannel);
}

function onePerChannel(shape: Shape): Shape {
  if (shape.length < 2) throw new ShapeError(`spatialDropout takes x [batch, …, channels], but x is ${shapeText(shape)}.`);
  return shape.map((extent, axis) => (axis === 0 || axis === shape.length - 1 ? extent : 1));
}
