// Which axes a normalization of features reduces: any but the batch.
import type { Shape, TensorSpec } from '@nn/core';
import { ConfigError, ShapeError, checkInteger, normalizeAxes, specText } from '@nn/core';

/** An array by the features of a sample. */
export interface FeatureLayout {
  /** The axes that are reduced. */
  readonly axes: readonly number[];
  /** Their extents, which gamma and beta have. */
  readonly features: Shape;
  /** Those extents as a shape of x's rank, 1 elsewhere. */
  readonly stretching: Shape;
}

/** The axes given, as an option that cannot be changed. @throws ConfigError for none, and for what are no integers */
export function checkedAxes(kind: string, axes: number | readonly number[]): number | readonly number[] {
  for (const axis of [axes].flat()) checkInteger(kind, 'an axis', axis);
  if ([axes].flat().length === 0) throw new ConfigError(`${kind}: axes is empty; name at least one axis, such as -1, the last.`);
  return typeof axes === 'number' ? axes : Object.freeze([...axes]);
}

/** The layout of x [batch, …, features]. @throws ShapeError for a rank that is too low, ConfigError for axes that include the batch */
export function featureLayout(kind: string, x: TensorSpec, axes: number | readonly number[]): FeatureLayout {
  if (x.shape.length < 2) {
    throw new ShapeError(`${kind} takes [batch, …, features], but x is ${specText(x)}. A single sample is a batch of one: [1, features].`);
  }
  const reduced = normalizeAxes(axes, x.shape.length, `${kind}: axes`);
  if (reduced.includes(0)) {
    throw new ConfigError(
      `${kind}: axes [${[axes].flat().join(', ')}] of x ${specText(x)} include axis 0, the batch. To normalize over the batch, use batchNorm().`,
    );
  }
  return {
    axes: reduced,
    features: reduced.map((axis) => x.shape[axis]!),
    stretching: x.shape.map((extent, axis) => (reduced.includes(axis) ? extent : 1)),
  };
}
