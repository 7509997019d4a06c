// Counts the connections of a kernel from its shape.
import type { Fans, Shape } from '@nn/core';
import { ShapeError, checkInteger, resolveOptions, shapeText } from '@nn/core';

export interface FansOptions {
  /** Groups that the channels of a convolution are split into, default 1; as many as input channels for a depthwise one. */
  readonly groups?: number;
}

/**
 * Connections into and out of one unit of a kernel with the channels last: dense [in, out], convolution [height, width, in / groups,
 * out] or one with fewer or more spatial axes. A unit of a convolution is connected at every position of its window: channels count
 * times the window's size, and an input channel reaches the outputs of its own group only.
 *
 * @throws ConfigError for options that it does not have or out of range; ShapeError for a kernel of rank below 2, and for groups that do not
 * divide its output channels
 */
export function fansOf(kernelShape: Shape, options: FansOptions = {}): Fans {
  const { groups } = resolveOptions('fansOf', options, { groups: 1 });
  checkInteger('fansOf', 'groups', groups, { from: 1 });
  const channelsIn = kernelShape.at(-2);
  const channelsOut = kernelShape.at(-1);
  if (channelsIn === undefined || channelsOut === undefined) {
    throw new ShapeError(`A kernel of shape ${shapeText(kernelShape)} has no fans; it needs axes for inputs and outputs: [in, out].`);
  }
  if (channelsOut % groups !== 0) {
    throw new ShapeError(
      `A kernel of shape ${shapeText(kernelShape)} has ${channelsOut} output channels, which ${groups} groups do not divide.`,
    );
  }
  const window = kernelShape.slice(0, -2).reduce((size, extent) => size * extent, 1);
  return { fanIn: window * channelsIn, fanOut: (window * channelsOut) / groups };
}
