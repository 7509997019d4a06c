// Axes of a sample, the batch not among them: those that a normalization reduces, and those that a layer keeps numbers for.
import type { Shape, TensorSpec } from '@nn/core';
import { ConfigError, checkInteger, normalizeAxes, specText } from '@nn/core';
import { expectFloats } from '../floats.ts';

/** One axis, several, or none. */
export type SampleAxes = number | readonly number[];

/** An array by chosen axes of its samples. */
export interface SampleLayout {
  readonly axes: readonly number[];
  /** Their extents: the shape of numbers that belong to them. */
  readonly extents: Shape;
  /** Those extents as a shape of x's rank, 1 elsewhere. */
  readonly stretching: Shape;
}

/** The axes given, as an option that cannot be changed. @throws ConfigError for what are no integers */
export function checkedAxes(owner: string, axes: SampleAxes): SampleAxes {
  for (const axis of [axes].flat()) checkInteger(owner, 'an axis', axis);
  return typeof axes === 'number' ? axes : Object.freeze([...axes]);
}

/**
 * The layout of x [batch, …].
 * @param instead what to do for the batch, for the message
 * @throws DTypeError unless x is f32; ShapeError for axes that x does not have; ConfigError for the batch among them, whose extent changes
 */
export function sampleLayout(owner: string, x: TensorSpec, axes: SampleAxes, instead = ''): SampleLayout {
  expectFloats(owner, x);
  const named = normalizeAxes(axes, x.shape.length, `${owner}: axes`);
  if (named.includes(0)) {
    throw new ConfigError(`${owner}: axes [${[axes].flat().join(', ')}] of x ${specText(x)} include axis 0, the batch.${instead}`);
  }
  return {
    axes: named,
    extents: named.map((axis) => x.shape[axis]!),
    stretching: x.shape.map((extent, axis) => (named.includes(axis) ? extent : 1)),
  };
}
