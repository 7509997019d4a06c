// Global average pooling: one number a channel, the mean.
import type { Layer, NoOptions } from '@nn/core';
import { defineFactory, mean, resolveOptions } from '@nn/core';
import { expectFloats } from '../floats.ts';
import { poolingLayer } from './pooling.ts';

/**
 * The mean of each channel: x [batch, height, width, channels] → [batch, channels].
 * Source: Lin, Chen and Yan, "Network in network" (2013).
 *
 * @throws ShapeError for what is no image, DTypeError for integers
 */
export const globalAvgPool2d = defineFactory('globalAvgPool2d', createGlobalAvgPool2d, createGlobalAvgPool2d);

function createGlobalAvgPool2d(given: NoOptions = {}): Layer {
  return poolingLayer('globalAvgPool2d', resolveOptions('globalAvgPool2d', given, {}), (x) => {
    expectFloats('globalAvgPool2d', x);
    return mean(x, [1, 2]);
  });
}
