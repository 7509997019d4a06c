// Numbers that a layer keeps for some axes of its input and shares over the others: a slope per channel, a mean per feature.
import type { Shape, TensorSpec } from '@nn/core';
import { ConfigError, checkInteger, normalizeAxes, specText } from '@nn/core';

/** One axis, several, or none: then all elements share one number. */
export type OwnAxes = number | readonly number[];

/** The axes given, as an option that cannot be changed. @throws ConfigError for what are no integers */
export function checkOwnAxes(owner: string, axes: OwnAxes): OwnAxes {
  for (const axis of [axes].flat()) checkInteger(owner, 'an axis', axis);
  return typeof axes === 'number' ? axes : Object.freeze([...axes]);
}

/**
 * The shape of the numbers for x [batch, …], and that shape stretching over x.
 * @throws ShapeError for axes that x does not have; ConfigError for the batch among them, whose extent changes
 */
export function ownShape(owner: string, x: TensorSpec, axes: OwnAxes): { readonly own: Shape; readonly stretching: Shape } {
  const named = normalizeAxes(axes, x.shape.length, `${owner}: axes`);
  if (named.includes(0)) {
    throw new ConfigError(`${owner}: axes [${[axes].flat().join(', ')}] of x ${specText(x)} include axis 0, the batch.`);
  }
  return {
    own: named.map((axis) => x.shape[axis]!),
    stretching: x.shape.map((extent, axis) => (named.includes(axis) ? extent : 1)),
  };
}
