// Pooling: the largest element, or the mean, under a window that slides over an image; or over the whole image.
import type { Layer, Tensor } from '@nn/core';
import { avgPool2d as averageUnder, checkFlag, defineFactory, max, maxPool2d as largestUnder, mean, resolveOptions } from '@nn/core';
import { defaults } from './defaults.ts';
import type { Extents, Window, WindowPadding } from './windows.ts';
import { checkWindow, expectImage } from './windows.ts';

export interface PoolOptions {
  /** Rows and columns: default 2. */
  readonly window?: Extents;
  /** Default: the window, so that windows touch and do not overlap. */
  readonly strides?: Extents;
  /** Default `'valid'`. Padding never wins a maximum and does not count in a mean. */
  readonly padding?: WindowPadding;
}

export interface AvgPoolOptions extends PoolOptions {
  /** Padding counts as elements of value 0: default false. */
  readonly countPadding?: boolean;
}

/**
 * The largest element under a window: x [batch, height, width, channels] → [batch, height', width', channels].
 * At ties the gradient goes to the first, row by row; NaN propagates.
 * @throws ConfigError for options out of range and padding as wide as the window; ShapeError for what is no image
 */
export const maxPool2d = defineFactory('maxPool2d', createMaxPool2d, createMaxPool2d);

function createMaxPool2d(options: PoolOptions = {}): Layer {
  const { resolved, window } = resolvePool('maxPool2d', options);
  return pooling('maxPool2d', resolved, (x) =>
    largestUnder(x, window.extents, { strides: window.strides, padding: window.paddingFor(x.shape) }),
  );
}

/**
 * The mean of the elements under a window: x [batch, height, width, channels] → [batch, height', width', channels].
 * @throws ConfigError for options out of range and padding as wide as the window; ShapeError for what is no image
 */
export const avgPool2d = defineFactory('avgPool2d', createAvgPool2d, createAvgPool2d);

function createAvgPool2d({ countPadding = false, ...options }: AvgPoolOptions = {}): Layer {
  const { resolved, window } = resolvePool('avgPool2d', options);
  checkFlag('avgPool2d', 'countPadding', countPadding);
  return pooling('avgPool2d', { ...resolved, countPadding }, (x) =>
    averageUnder(x, window.extents, { strides: window.strides, padding: window.paddingFor(x.shape), countPadding }),
  );
}

/** The largest element of each channel: [batch, height, width, channels] → [batch, channels]. */
export const globalMaxPool2d = defineFactory('globalMaxPool2d', createGlobalMaxPool2d, createGlobalMaxPool2d);

function createGlobalMaxPool2d(): Layer {
  return pooling('globalMaxPool2d', {}, (x) => max(x, [1, 2]));
}

/** The mean of each channel: [batch, height, width, channels] → [batch, channels]. Source: Lin, Chen and Yan, "Network in network" (2013). */
export const globalAvgPool2d = defineFactory('globalAvgPool2d', createGlobalAvgPool2d, createGlobalAvgPool2d);

function createGlobalAvgPool2d(): Layer {
  return pooling('globalAvgPool2d', {}, (x) => mean(x, [1, 2]));
}

function pooling(kind: string, options: Layer['options'], pool: (x: Tensor) => Tensor): Layer {
  return Object.freeze({
    kind,
    options: Object.freeze(options),
    variables(input) {
      expectImage(kind, input);
      return {};
    },
    apply: pool,
  } satisfies Layer);
}

function resolvePool(kind: string, options: PoolOptions): { resolved: Required<PoolOptions>; window: Window } {
  const extents = options.window ?? defaults.pool2d.window;
  const resolved = resolveOptions<Required<PoolOptions>>(kind, options, { ...defaults.pool2d, strides: extents });
  return { resolved, window: checkWindow(kind, { ...resolved, dilations: 1 }) };
}
