// Convolution as a matrix product: patches of images as rows of its left operand, kernels as its right operand.
// The description of the patches is in src/wasm/kernels/productLayout.ts, written by src/wasm/kernels/convolution.ts.
import {
  columnBytesWord,
  columnStrideWord,
  imageBytesWord,
  imageChannelsWord,
  imageHeightWord,
  imageWidthWord,
  patchChannelsWord,
  positionColumnsWord,
  positionRowsWord,
  rowBytesWord,
  rowStrideWord,
  tapsWord,
  wordsPerTap,
} from '../src/wasm/kernels/productLayout';
import { packTransposed } from './productPack';

const tapsAt: usize = (tapsWord + 1) * 4;
const tapBytes: usize = wordsPerTap * 4;

/**
 * Elements first … first + count of the patches at `positions` positions, one patch after the other; zeros outside of the image.
 * @param image the first channel of the patches in the first pixel
 */
export function packPatches(patches: usize, image: usize, position: i32, positions: i32, first: i32, count: i32, to: usize): void {
  const height = load<i32>(patches, imageHeightWord * 4);
  const width = load<i32>(patches, imageWidthWord * 4);
  const channels = load<i32>(patches, imageChannelsWord * 4);
  const taken = load<i32>(patches, patchChannelsWord * 4);
  const rows = load<i32>(patches, positionRowsWord * 4);
  const columns = load<i32>(patches, positionColumnsWord * 4);
  const rowStride = load<i32>(patches, rowStrideWord * 4);
  const columnStride = load<i32>(patches, columnStrideWord * 4);
  const firstTap = patches + tapsAt + tapBytes * (first / taken);
  const firstChannel = first % taken;

  let line = position / columns;
  let column = position - line * columns;
  let picture = line / rows;
  let row = line - picture * rows;
  for (; positions > 0; positions--) {
    const y = row * rowStride;
    const x = column * columnStride;
    let tap = firstTap;
    let channel = firstChannel;
    for (let left = count; left > 0; ) {
      const length = min(left, taken - channel);
      const tapY = y + load<i32>(tap);
      const tapX = x + load<i32>(tap, 4);
      const bytes = <usize>length << 2;
      if (<u32>tapY < <u32>height && <u32>tapX < <u32>width) {
        copyElements(image + (<usize>(((picture * height + tapY) * width + tapX) * channels + channel) << 2), to, bytes);
      } else {
        clearElements(to, bytes);
      }
      to += bytes;
      left -= length;
      channel = 0;
      tap += tapBytes;
    }
    if (++column == columns) {
      column = 0;
      if (++row == rows) {
        row = 0;
        picture++;
      }
    }
  }
}

/** Where the pixels of `count` positions are in the result. */
export function pixelPointers(patches: usize, c: usize, position: i32, count: i32, to: usize): void {
  const rows = load<i32>(patches, positionRowsWord * 4);
  const columns = load<i32>(patches, positionColumnsWord * 4);
  for (const end = position + count; position < end; position++, to += 4) {
    const line = position / columns;
    const picture = line / rows;
    store<usize>(
      to,
      c +
        load<usize>(patches, imageBytesWord * 4) * picture +
        load<usize>(patches, rowBytesWord * 4) * (line - picture * rows) +
        load<usize>(patches, columnBytesWord * 4) * (position - line * columns),
    );
  }
}

/** Rows k … k + depth of b, for `tapsB`: as `packTransposed`, tap by tap. */
export function packTaps(
  patches: usize,
  b: usize,
  bStep: usize,
  k: i32,
  depth: i32,
  column: i32,
  columns: i32,
  to: usize,
  toStep: usize,
): void {
  const taken = load<i32>(patches, patchChannelsWord * 4);
  for (const end = k + depth; k < end; ) {
    const tap = k / taken;
    const channel = k - tap * taken;
    const length = min(end - k, taken - channel);
    const from = b + load<usize>(patches + tapsAt + tapBytes * tap, 8) + bStep * column + (<usize>channel << 2);
    packTransposed(from, bStep, columns, length, to, toStep);
    to += toStep * length;
    k += length;
  }
}

// @ts-ignore: decorator
@inline
function copyElements(from: usize, to: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, v128.load(from + i));
  for (; i < bytes; i += 4) store<f32>(to + i, load<f32>(from + i));
}

// @ts-ignore: decorator
@inline
function clearElements(to: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, f32x4.splat(0));
  for (; i < bytes; i += 4) store<f32>(to + i, 0);
}
