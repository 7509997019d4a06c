// Which axes a normalization of features reduces: any but the batch, one at least.
import type { TensorSpec } from '@nn/core';
import { ConfigError, ShapeError, specText } from '@nn/core';
import type { SampleAxes, SampleLayout } from './sampleAxes.ts';
import { checkedAxes, sampleLayout } from './sampleAxes.ts';

/** The axes given, as an option that cannot be changed. @throws ConfigError for none, and for what are no integers */
export function checkedFeatureAxes(kind: string, axes: SampleAxes): SampleAxes {
  if ([axes].flat().length === 0) throw new ConfigError(`${kind}: axes is empty; name at least one axis, such as -1, the last.`);
  return checkedAxes(kind, axes);
}

/** The layout of x [batch, …, features]. @throws ShapeError for a rank that is too low, ConfigError for axes that include the batch */
export function featureLayout(kind: string, x: TensorSpec, axes: SampleAxes): SampleLayout {
  if (x.shape.length < 2) {
    throw new ShapeError(`${kind} takes [batch, …, features], but x is ${specText(x)}. A single sample is a batch of one: [1, features].`);
  }
  return sampleLayout(kind, x, axes, ' To normalize over the batch, use batchNorm().');
}
