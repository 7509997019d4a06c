// What pooling layers share: options of the window and the image they take.
import type { Layer, PoolAttrs, Tensor } from '@nn/core';
import { ceilOverhang, checkFlag, resolveOptions } from '@nn/core';
import { defaults } from '../defaults.ts';
import type { Extents, Window, WindowPadding } from './windows.ts';
import { checkWindow, expectImage, foreignWindowNames } from './windows.ts';

export interface PoolOptions {
  /** Rows and columns: default 2. */
  readonly window?: Extents;
  /** Default: the window, so that windows touch and do not overlap. */
  readonly strides?: Extents;
  /** Default `'valid'`. Padding never wins a maximum and does not count in a mean. */
  readonly padding?: WindowPadding;
  /** Steps between the cells of the window: default 1. */
  readonly dilations?: Extents;
  /** Take the last window also where only a part of it is over the image: default false. What is outside counts in nothing. */
  readonly ceilMode?: boolean;
}

/** Checked options, as they are kept and as they are computed with. */
export interface Pool {
  readonly options: Required<PoolOptions>;
  readonly extents: Window['extents'];
  /** How the window moves over an image of that shape. */
  over(x: Tensor): Omit<PoolAttrs, 'window'>;
}

/** @throws ConfigError in the name of `kind` for options out of range */
export function resolvePool(kind: string, given: PoolOptions): Pool {
  const extents = given.window ?? defaults.pool2d.window;
  const resolved = resolveOptions<Required<PoolOptions>>(kind, given, { ...defaults.pool2d, strides: extents }, foreignWindowNames);
  const window = checkWindow(kind, resolved);
  const ceilMode = checkFlag(kind, 'ceilMode', resolved.ceilMode);
  return {
    options: { ...window.options, ceilMode },
    extents: window.extents,
    over(x) {
      const { strides, dilations } = window;
      const padding = window.paddingFor(x.shape);
      const overhang = ceilMode ? ceilOverhang(x, { window: window.extents, strides, dilations, padding }) : ([0, 0] as const);
      return { strides, dilations, padding, overhang };
    },
  };
}

/** A layer without variables that takes images [batch, height, width, channels]. */
export function poolingLayer(kind: string, options: Layer['options'], pool: (x: Tensor) => Tensor): Layer {
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
