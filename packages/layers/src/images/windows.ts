// Options of layers that slide a window over an image [batch, height, width, channels]: extents, strides, padding.
import type { ForeignNames, Shape, TensorSpec } from '@nn/core';
import { ConfigError, ShapeError, checkInteger, specText, valueText } from '@nn/core';

/** Over rows and columns; one number stands for both. */
export type Extents = number | readonly [rows: number, columns: number];

/** Zeros before and after the rows, before and after the columns. */
type Sides = readonly [rows: readonly [number, number], columns: readonly [number, number]];

/**
 * What is put around an image. `valid` is nothing; `same` is what makes the output height ⌈height / stride⌉, the odd one after;
 * a number is that many on every side.
 */
export type WindowPadding = 'valid' | 'same' | number | Sides;

/** What a layer is told about its window. */
export interface WindowOptions {
  readonly window: Extents;
  readonly strides: Extents;
  readonly dilations: Extents;
  readonly padding: WindowPadding;
}

/** Names other libraries use, and what they are here. */
export const foreignWindowNames: ForeignNames = {
  kernelSize: 'Give window.',
  poolSize: 'Give window.',
  countIncludePad: 'Give countPadding.',
  dilationRate: 'Give dilations.',
};

/** A window whose options are checked. */
export interface Window {
  /** As they were given, and so that nobody changes them later. */
  readonly options: WindowOptions;
  readonly extents: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** The padding for an image of that shape. */
  paddingFor(image: Shape): Sides;
}

/** @throws ConfigError in the name of `owner` for options out of range */
export function checkWindow(owner: string, given: WindowOptions): Window {
  const extents = pair(owner, 'window', given.window);
  const strides = pair(owner, 'strides', given.strides);
  const dilations = pair(owner, 'dilations', given.dilations);
  const padding = checkPadding(owner, given.padding);
  return {
    options: {
      window: typeof given.window === 'number' ? given.window : extents,
      strides: typeof given.strides === 'number' ? given.strides : strides,
      dilations: typeof given.dilations === 'number' ? given.dilations : dilations,
      padding: typeof given.padding === 'number' ? given.padding : padding,
    },
    extents,
    strides,
    dilations,
    paddingFor(image) {
      if (padding === 'valid')
        return [
          [0, 0],
          [0, 0],
        ];
      if (padding !== 'same') return padding;
      const along = (index: 0 | 1): readonly [number, number] => {
        const extent = image[index + 1]!;
        const reach = (extents[index] - 1) * dilations[index] + 1;
        const total = Math.max(0, (Math.ceil(extent / strides[index]) - 1) * strides[index] + reach - extent);
        return [Math.floor(total / 2), Math.ceil(total / 2)];
      };
      return [along(0), along(1)];
    },
  };
}

/** @throws ShapeError in the name of `owner` unless x is [batch, height, width, channels] */
export function expectImage(owner: string, x: TensorSpec): void {
  if (x.shape.length === 4) return;
  const hint = x.shape.length === 3 ? ' Gray images need an axis for their one channel: [batch, height, width, 1].' : '';
  throw new ShapeError(`${owner} takes images [batch, height, width, channels], but x is ${specText(x)}.${hint}`);
}

function pair(owner: string, option: string, given: Extents): readonly [number, number] {
  const both: readonly number[] = typeof given === 'number' ? [given, given] : given;
  if (!Array.isArray(both) || both.length !== 2) {
    throw new ConfigError(`${owner}: ${option} is ${valueText(given)}; it is a number or [rows, columns].`);
  }
  for (const extent of both) checkInteger(owner, option, extent, { from: 1 });
  return Object.freeze([both[0]!, both[1]!] as const);
}

function checkPadding(owner: string, given: WindowPadding): 'valid' | 'same' | Sides {
  if (given === 'valid' || given === 'same') return given;
  const sides: Sides =
    typeof given === 'number'
      ? [
          [given, given],
          [given, given],
        ]
      : given;
  const wellFormed = Array.isArray(sides) && sides.length === 2 && sides.every((side) => Array.isArray(side) && side.length === 2);
  if (!wellFormed) {
    throw new ConfigError(`${owner}: padding is ${valueText(given)}; it is 'valid', 'same', a number, or [[top, bottom], [left, right]].`);
  }
  for (const count of sides.flat()) checkInteger(owner, 'padding', count, { from: 0 });
  return Object.freeze([Object.freeze([...sides[0]] as const), Object.freeze([...sides[1]] as const)] as const);
}
