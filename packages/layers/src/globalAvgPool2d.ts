// Global average pooling: one number a channel, the mean.
import type { Layer } from '@nn/core';
import { defineFactory, mean } from '@nn/core';
import { poolingLayer } from './pooling.ts';

/**
 * The mean of each channel: x [batch, height, width, channels] → [batch, channels].
 * Source: Lin, Chen and Yan, "Network in network" (2013).
 *
 * @throws ShapeError for what is no image
 */
export const globalAvgPool2d = defineFactory('globalAvgPool2d', createGlobalAvgPool2d, createGlobalAvgPool2d);

function createGlobalAvgPool2d(): Layer {
  return poolingLayer('globalAvgPool2d', {}, (x) => mean(x, [1, 2]));
}
