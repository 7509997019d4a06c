// Global max pooling: one number a channel, the largest.
import type { Layer, NoOptions } from '@nn/core';
import { defineFactory, max, resolveOptions } from '@nn/core';
import { poolingLayer } from './pooling.ts';

/** The largest element of each channel: x [batch, height, width, channels] → [batch, channels]. @throws ShapeError for what is no image */
export const globalMaxPool2d = defineFactory('globalMaxPool2d', createGlobalMaxPool2d, createGlobalMaxPool2d);

function createGlobalMaxPool2d(given: NoOptions = {}): Layer {
  return poolingLayer('globalMaxPool2d', resolveOptions('globalMaxPool2d', given, {}), (x) => max(x, [1, 2]));
}
