// Max pooling: the largest element under a window that slides over an image.
import type { Layer } from '@nn/core';
import { defineFactory, maxPool2d as largestUnder } from '@nn/core';
import type { PoolOptions } from './pooling.ts';
import { poolingLayer, resolvePool } from './pooling.ts';

/**
 * The largest element under a window: x [batch, height, width, channels] → [batch, height', width', channels].
 * At ties the gradient goes to the first, row by row; NaN propagates.
 * Source: Riesenhuber and Poggio, "Hierarchical models of object recognition in cortex" (1999).
 *
 * @throws ConfigError for options out of range and for windows in the padding alone; ShapeError for what is no image
 */
export const maxPool2d = defineFactory('maxPool2d', createMaxPool2d, createMaxPool2d);

function createMaxPool2d(options: PoolOptions = {}): Layer {
  const pool = resolvePool('maxPool2d', options);
  return poolingLayer('maxPool2d', { ...pool.options }, (x) => largestUnder(x, pool.extents, pool.over(x)));
}
