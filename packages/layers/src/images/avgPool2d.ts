// Average pooling: the mean under a window that slides over an image.
import type { Layer } from '@nn/core';
import { avgPool2d as averageUnder, checkFlag, defineFactory } from '@nn/core';
import { defaults } from '../defaults.ts';
import type { PoolOptions } from './pooling.ts';
import { poolingLayer, resolvePool } from './pooling.ts';

export interface AvgPoolOptions extends PoolOptions {
  /** Padding counts as elements of value 0: default false. What `ceilMode` adds behind it does not. */
  readonly countPadding?: boolean;
}

/**
 * The mean of the elements under a window: x [batch, height, width, channels] → [batch, height', width', channels].
 * Source: LeCun et al., "Gradient-based learning applied to document recognition" (1998).
 *
 * @throws ConfigError for options out of range and for windows in the padding alone; ShapeError for what is no image
 */
export const avgPool2d = defineFactory('avgPool2d', createAvgPool2d, createAvgPool2d);

function createAvgPool2d({ countPadding = defaults.avgPool2d.countPadding, ...options }: AvgPoolOptions = {}): Layer {
  const pool = resolvePool('avgPool2d', options);
  checkFlag('avgPool2d', 'countPadding', countPadding);
  return poolingLayer('avgPool2d', { ...pool.options, countPadding }, (x) =>
    averageUnder(x, pool.extents, { ...pool.over(x), countPadding }),
  );
}
