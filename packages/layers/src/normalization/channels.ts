// Which axes a normalization of channels keeps and reduces.
import type { Shape, TensorSpec } from '@nn/core';
import { ConfigError, ShapeError, normalizeAxis, sizeOf, specText } from '@nn/core';
import { expectFloats } from '../floats.ts';

/** An array by its channels. */
export interface ChannelLayout {
  /** Index of the axis of the channels. */
  readonly axis: number;
  /** [channels] */
  readonly channels: Shape;
  /** The channels as a shape of x's rank: [1, …, channels]. */
  readonly stretching: Shape;
  /** The axes that are reduced. */
  readonly axes: readonly number[];
  /** Values that one mean is taken over. */
  readonly count: number;
}

/**
 * The layout of x [batch, …, channels].
 * @param per what has moments of its own: a channel of the batch, or a channel of each sample (then x has axes between)
 * @throws DTypeError unless x is f32; ShapeError for a rank that is too low, ConfigError when the channel axis is the batch
 */
export function channelLayout(kind: string, x: TensorSpec, channelAxis: number, per: 'batch' | 'sample'): ChannelLayout {
  expectFloats(kind, x);
  const { shape } = x;
  if (shape.length < (per === 'batch' ? 2 : 3)) throw rankError(kind, x, per);
  const axis = normalizeAxis(channelAxis, shape.length, `${kind}: channelAxis`);
  if (axis === 0) {
    throw new ConfigError(
      `${kind}: channelAxis ${channelAxis} is the batch axis of x ${specText(x)}. Channels are usually last: channelAxis -1.`,
    );
  }
  const axes = [...shape.keys()].filter((other) => other !== axis && (per === 'batch' || other !== 0));
  return {
    axis,
    channels: [shape[axis]!],
    stretching: shape.map((extent, other) => (other === axis ? extent : 1)),
    axes,
    count: sizeOf(axes.map((reduced) => shape[reduced]!)),
  };
}

function rankError(kind: string, x: TensorSpec, per: 'batch' | 'sample'): ShapeError {
  if (per === 'sample') {
    return new ShapeError(
      `${kind} takes [batch, …, channels] with an axis or more between, but x is ${specText(x)}: each channel of a sample has a single ` +
        'value. To normalize the features of a sample use layerNorm().',
    );
  }
  return new ShapeError(
    `${kind} takes [batch, …, channels], but x is ${specText(x)}. ` +
      (x.shape.length === 1 ? 'If these are values of one channel, reshape them to [batch, 1].' : 'A single number has no channels.'),
  );
}

/** What to throw where a deviation is to be learned from and there is at most one value: 0 whatever the value is. */
export function singleValueError(kind: string, x: TensorSpec, count: number, cure: string): ShapeError {
  const values = count === 0 ? 'no value' : 'a single value, whose deviation is 0 whatever it is';
  return new ShapeError(`${kind} cannot train on x ${specText(x)}: each channel has ${values}. ${cure}`, 'shape.invalid');
}
