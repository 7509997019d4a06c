// Images of ONNX [batch, channels, one or two axes] as the toolkit's ops take them: channels last, two axes.
import type { Tensor } from '@nn/core';
import { reshape, transpose } from '@nn/core';
import type { Motion } from './motion.ts';

type Pair = readonly [number, number];

export const channelsLast = (x: Tensor): Tensor => transpose(x, [0, 2, 3, 1]);
export const channelsSecond = (x: Tensor): Tensor => transpose(x, [0, 3, 1, 2]);

/** An axis of one element, over which nothing moves. */
export const still: Motion = { window: 1, stride: 1, dilation: 1, before: 0, after: 0, overhang: 0, places: 1 };

/** [a, b, length] as [a, b, 1, length]. */
export const withRow = (x: Tensor): Tensor => reshape(x, [x.shape[0]!, x.shape[1]!, 1, x.shape[2]!]);
const withoutRow = (x: Tensor): Tensor => reshape(x, [x.shape[0]!, x.shape[1]!, x.shape[3]!]);

/** Computes on two spatial axes what is given with one or two. */
export function onImages(
  x: Tensor,
  motions: readonly Motion[],
  compute: (image: Tensor, motions: readonly [Motion, Motion]) => Tensor,
): Tensor {
  const [first, second] = motions;
  if (second === undefined) return withoutRow(compute(withRow(x), [still, first!]));
  return compute(x, [first!, second]);
}

export const pairOf = ([rows, columns]: readonly [Motion, Motion], value: (motion: Motion) => number): Pair => [
  value(rows),
  value(columns),
];
export const paddingOf = ([rows, columns]: readonly [Motion, Motion]): readonly [Pair, Pair] => [
  [rows.before, rows.after],
  [columns.before, columns.after],
];
