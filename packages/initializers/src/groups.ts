// A kernel as matrices: one for each group of channels that do not see each other.
import type { Fans, Shape } from '@nn/core';
import { ShapeError, shapeText, sizeOf } from '@nn/core';

/** A kernel [..., in / groups, out] as `groups` matrices of `rows` inputs and `columns` outputs. */
export interface KernelMatrices {
  /** Cells of the window times input channels of a group. */
  readonly rows: number;
  /** Output channels of a group. */
  readonly columns: number;
  readonly groups: number;
  /** Place of an element of the kernel. */
  indexOf(group: number, row: number, column: number): number;
}

/**
 * The groups follow from the fans: fanOut is the window times the output channels of one group. Without fans there is one.
 * @throws ShapeError for a shape of rank below 2
 */
export function kernelMatrices(owner: string, shape: Shape, fans: Fans | null): KernelMatrices {
  const channelsOut = shape.at(-1);
  if (channelsOut === undefined || shape.length < 2) {
    throw new ShapeError(
      `${owner} makes kernels, [in, out] or [height, width, in, out], but this variable (a bias, gamma or beta?) is ${shapeText(shape)}.`,
    );
  }
  const rows = sizeOf(shape.slice(0, -1));
  const window = sizeOf(shape.slice(0, -2));
  const implied = fans === null ? 1 : (window * channelsOut) / fans.fanOut;
  const groups = Number.isInteger(implied) && implied > 0 && channelsOut % implied === 0 ? implied : 1;
  const columns = channelsOut / groups;
  return { rows, columns, groups, indexOf: (group, row, column) => row * channelsOut + group * columns + column };
}
