// Convolution as a matrix product: patches of images as rows of its left operand, kernels as its right operand.
// The description of the patches is in src/wasm/kernels/productLayout.ts, written by src/wasm/kernels/convolution.ts.
import {
  columnBytesWord,
  columnStrideWord,
  endInnerColumnWord,
  endInnerRowWord,
  firstInnerColumnWord,
  firstInnerRowWord,
  imageBytesWord,
  imageChannelsWord,
  imageHeightWord,
  imageWidthWord,
  patchChannelsWord,
  positionColumnsWord,
  positionRowsWord,
  rowBytesWord,
  rowStrideWord,
  tapsPerRunWord,
  tapsWord,
  wordsPerTap,
} from '../../src/wasm/kernels/productLayout';
import { packTransposed } from '../product/productPack';

const tapsAt: usize = (tapsWord + 1) * 4;
const tapBytes: usize = wordsPerTap * 4;

/**
 * Elements first … first + count of the patches at `positions` positions, one patch after the other; zeros outside of the image.
 * @param image the first channel of the patches in the first pixel
 * @param to room for them, and for a vector behind them
 */
export function packPatches(patches: usize, image: usize, position: i32, positions: i32, first: i32, count: i32, to: usize): void {
  const height = load<i32>(patches, imageHeightWord * 4);
  const width = load<i32>(patches, imageWidthWord * 4);
  const pixelBytes = load<usize>(patches, imageChannelsWord * 4) << 2;
  const rows = load<i32>(patches, positionRowsWord * 4);
  const columns = load<i32>(patches, positionColumnsWord * 4);
  const rowStride = load<i32>(patches, rowStrideWord * 4);
  const columnStride = load<i32>(patches, columnStrideWord * 4);
  const firstRow = load<i32>(patches, firstInnerRowWord * 4);
  const endRow = load<i32>(patches, endInnerRowWord * 4);
  const firstColumn = load<i32>(patches, firstInnerColumnWord * 4);
  const endColumn = load<i32>(patches, endInnerColumnWord * 4);
  const bytes = <usize>count << 2;
  const taps = load<i32>(patches, tapsWord * 4);
  const tapsPerRun = load<i32>(patches, tapsPerRunWord * 4);
  const runBytes = <usize>(tapsPerRun * load<i32>(patches, patchChannelsWord * 4)) << 2;
  const runs = taps / tapsPerRun;
  const isShort = runBytes <= 16 && bytes == runBytes * runs;

  let line = position / columns;
  let column = position - line * columns;
  let picture = line / rows;
  let row = line - picture * rows;
  for (; positions > 0; positions--) {
    const y = row * rowStride;
    const x = column * columnStride;
    const pixel = image + pixelBytes * ((picture * height + y) * width + x);
    const isInside = y >= firstRow && y < endRow && x >= firstColumn && x < endColumn;
    if (isInside && isShort) copyShortRuns(patches, pixel, runs, tapBytes * tapsPerRun, runBytes, to);
    else if (isInside) copyPatch(patches, pixel, first, bytes, to);
    else copyEdgePatch(patches, pixel, y, x, first, bytes, to);
    to += bytes;
    if (++column == columns) {
      column = 0;
      if (++row == rows) {
        row = 0;
        picture++;
      }
    }
  }
}

/**
 * A whole patch inside of its image whose runs fit into a vector: what is too much of one, the next one overwrites, or the next patch.
 * Up to 12 bytes behind the last patch are written.
 */
// @ts-ignore: decorator
@inline
function copyShortRuns(patches: usize, pixel: usize, runs: i32, tapStep: usize, runBytes: usize, to: usize): void {
  for (let tap = patches + tapsAt; runs > 0; runs--) {
    v128.store(to, v128.load(pixel + load<usize>(tap, 8)));
    to += runBytes;
    tap += tapStep;
  }
}

/** A patch inside of its image: run by run. */
// @ts-ignore: decorator
@inline
function copyPatch(patches: usize, pixel: usize, first: i32, bytes: usize, to: usize): void {
  const tapsPerRun = load<i32>(patches, tapsPerRunWord * 4);
  const elementsPerRun = tapsPerRun * load<i32>(patches, patchChannelsWord * 4);
  const firstRun = first / elementsPerRun;
  let skipped = <usize>(first - firstRun * elementsPerRun) << 2;
  let tap = patches + tapsAt + tapBytes * (firstRun * tapsPerRun);
  for (const end = to + bytes; to < end; ) {
    const length = min(end - to, (<usize>elementsPerRun << 2) - skipped);
    copyElements(pixel + load<usize>(tap, 8) + skipped, to, length);
    to += length;
    tap += tapBytes * tapsPerRun;
    skipped = 0;
  }
}

/** A patch that reaches over the border of its image: tap by tap. */
function copyEdgePatch(patches: usize, pixel: usize, y: i32, x: i32, first: i32, bytes: usize, to: usize): void {
  const height = load<i32>(patches, imageHeightWord * 4);
  const width = load<i32>(patches, imageWidthWord * 4);
  const taken = load<i32>(patches, patchChannelsWord * 4);
  const firstTap = first / taken;
  let skipped = <usize>(first - firstTap * taken) << 2;
  let tap = patches + tapsAt + tapBytes * firstTap;
  for (const end = to + bytes; to < end; ) {
    const length = min(end - to, (<usize>taken << 2) - skipped);
    const inside = <u32>(y + load<i32>(tap)) < <u32>height && <u32>(x + load<i32>(tap, 4)) < <u32>width;
    if (inside) copyElements(pixel + load<usize>(tap, 8) + skipped, to, length);
    else clearElements(to, length);
    to += length;
    tap += tapBytes;
    skipped = 0;
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
    const from = b + load<usize>(patches + tapsAt + tapBytes * tap, 12) + bStep * column + (<usize>channel << 2);
    packTransposed(from, bStep, columns, length, to, toStep);
    to += toStep * length;
    k += length;
  }
}

// @ts-ignore: decorator
@inline
function copyElements(from: usize, to: usize, bytes: usize): void {
  let at: usize = 0;
  for (; at + 64 <= bytes; at += 64) {
    const v0 = v128.load(from + at);
    const v1 = v128.load(from + at, 16);
    const v2 = v128.load(from + at, 32);
    const v3 = v128.load(from + at, 48);
    v128.store(to + at, v0);
    v128.store(to + at, v1, 16);
    v128.store(to + at, v2, 32);
    v128.store(to + at, v3, 48);
  }
  for (; at + 16 <= bytes; at += 16) v128.store(to + at, v128.load(from + at));
  if ((bytes & 8) != 0) {
    store<i64>(to + at, load<i64>(from + at));
    at += 8;
  }
  if ((bytes & 4) != 0) store<f32>(to + at, load<f32>(from + at));
}

// @ts-ignore: decorator
@inline
function clearElements(to: usize, bytes: usize): void {
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) v128.store(to + at, f32x4.splat(0));
  for (; at < bytes; at += 4) store<f32>(to + at, 0);
}
