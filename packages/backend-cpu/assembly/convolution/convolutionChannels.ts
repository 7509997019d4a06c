// Convolutions in which every channel has a window of its own (depthwise): too little arithmetic for a matrix product.
// The blocks of arguments are those of `product`, with the image as a, and with the description of the patches behind the matrices:
// rows are positions, columns are channels. Where the pixels of the result are stands in that description.
import {
  aWord,
  bWord,
  cWord,
  columnBytesWord,
  columnStrideWord,
  columnsWord,
  endInnerColumnWord,
  endInnerRowWord,
  firstInnerColumnWord,
  firstInnerRowWord,
  imageBytesWord,
  imageHeightWord,
  imageWidthWord,
  matricesWord,
  positionColumnsWord,
  positionRowsWord,
  rowBytesWord,
  rowStrideWord,
  rowsWord,
  tapsWord,
  wordsPerMatrix,
  wordsPerTap,
} from '../../src/wasm/kernels/productLayout';
import { multiplyAdd } from '../product/productTile';
import { rangeStart } from '../work';

const offsetsAt: usize = (matricesWord + 1) * 4;
const patchesAt: usize = offsetsAt + wordsPerMatrix * 4;
const tapsAt: usize = (tapsWord + 1) * 4;
const tapBytes: usize = wordsPerTap * 4;

/** c[position, channel] = Σ a[position + tap, channel] · b[tap, channel]. Threads share the positions. */
export function channelConvolution(args: usize, thread: i32, threads: i32): void {
  const patches = args + patchesAt;
  const image = load<usize>(args, aWord * 4) + load<usize>(args + offsetsAt);
  const kernel = load<usize>(args, bWord * 4) + load<usize>(args + offsetsAt, 4);
  const result = load<usize>(args, cWord * 4) + load<usize>(args + offsetsAt, 8);
  const bytes = load<usize>(args, columnsWord * 4) << 2;
  const height = load<i32>(patches, imageHeightWord * 4);
  const width = load<i32>(patches, imageWidthWord * 4);
  const rows = load<i32>(patches, positionRowsWord * 4);
  const columns = load<i32>(patches, positionColumnsWord * 4);
  const positions = load<i32>(args, rowsWord * 4);
  const end = rangeStart(positions, 1, thread + 1, threads);
  for (let position = rangeStart(positions, 1, thread, threads); position < end; position++) {
    const line = position / columns;
    const column = position - line * columns;
    const picture = line / rows;
    const row = line - picture * rows;
    const y = row * load<i32>(patches, rowStrideWord * 4);
    const x = column * load<i32>(patches, columnStrideWord * 4);
    const inside =
      y >= load<i32>(patches, firstInnerRowWord * 4) &&
      y < load<i32>(patches, endInnerRowWord * 4) &&
      x >= load<i32>(patches, firstInnerColumnWord * 4) &&
      x < load<i32>(patches, endInnerColumnWord * 4);
    const pixel = image + bytes * ((picture * height + y) * width + x);
    const to =
      result +
      load<usize>(patches, imageBytesWord * 4) * picture +
      load<usize>(patches, rowBytesWord * 4) * row +
      load<usize>(patches, columnBytesWord * 4) * column;
    let at: usize = 0;
    for (; at + 64 <= bytes; at += 64) addTaps(patches, inside, y, x, pixel + at, kernel + at, to + at);
    for (; at + 16 <= bytes; at += 16) addTapsOfFour(patches, inside, y, x, pixel + at, kernel + at, to + at);
    for (; at < bytes; at += 4) addTapsOfOne(patches, inside, y, x, pixel + at, kernel + at, to + at);
  }
}

/** c[tap, channel] = Σ a[position + tap, channel] · b[position, channel]. Threads share taps and channels. */
export function channelKernelGradient(args: usize, thread: i32, threads: i32): void {
  const patches = args + patchesAt;
  const image = load<usize>(args, aWord * 4);
  const dy = load<usize>(args, bWord * 4);
  const channels = load<i32>(args, columnsWord * 4);
  const bytes = <usize>channels << 2;
  const height = load<i32>(patches, imageHeightWord * 4);
  const width = load<i32>(patches, imageWidthWord * 4);
  const rows = load<i32>(patches, positionRowsWord * 4);
  const columns = load<i32>(patches, positionColumnsWord * 4);
  const rowStride = load<i32>(patches, rowStrideWord * 4);
  const columnStride = load<i32>(patches, columnStrideWord * 4);
  const pictures = load<i32>(args, rowsWord * 4) / (rows * columns);
  const blocks = (channels + 15) >> 4;
  const units = load<i32>(patches, tapsWord * 4) * blocks;
  const end = rangeStart(units, 1, thread + 1, threads);
  for (let unit = rangeStart(units, 1, thread, threads); unit < end; unit++) {
    const tap = unit / blocks;
    const tapY = load<i32>(patches + tapsAt + tapBytes * tap);
    const tapX = load<i32>(patches + tapsAt + tapBytes * tap, 4);
    // The positions whose tap is inside of the image.
    const firstRow = max(0, (rowStride - 1 - tapY) / rowStride);
    const endRow = tapY >= height ? 0 : min(rows, (height - 1 - tapY) / rowStride + 1);
    const firstColumn = max(0, (columnStride - 1 - tapX) / columnStride);
    const count = tapX >= width ? 0 : max(0, min(columns, (width - 1 - tapX) / columnStride + 1) - firstColumn);
    let at = <usize>(unit - tap * blocks) << 6;
    const last = min(bytes, at + 64);
    const to = load<usize>(args, cWord * 4) + bytes * tap;
    memory.fill(to + at, 0, last - at);
    for (let picture = 0; picture < pictures; picture++) {
      for (let row = firstRow; row < endRow; row++) {
        const pixel = image + bytes * ((picture * height + row * rowStride + tapY) * width + firstColumn * columnStride + tapX);
        const gradient = dy + bytes * ((picture * rows + row) * columns + firstColumn);
        if (last - at == 64) {
          addLine(pixel + at, bytes * columnStride, gradient + at, bytes, count, to + at);
        } else {
          let part = at;
          for (; part + 16 <= last; part += 16) addLineOfFour(pixel + part, bytes * columnStride, gradient + part, bytes, count, to + part);
          for (; part < last; part += 4) addLineOfOne(pixel + part, bytes * columnStride, gradient + part, bytes, count, to + part);
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function isInside(patches: usize, tap: usize, y: i32, x: i32): bool {
  return (
    <u32>(y + load<i32>(tap)) < load<u32>(patches, imageHeightWord * 4) &&
    <u32>(x + load<i32>(tap, 4)) < load<u32>(patches, imageWidthWord * 4)
  );
}

// @ts-ignore: decorator
@inline
function endOfTaps(patches: usize): usize {
  return patches + tapsAt + tapBytes * load<i32>(patches, tapsWord * 4);
}

/** 16 channels of one position. */
function addTaps(patches: usize, inside: bool, y: i32, x: i32, pixel: usize, kernel: usize, to: usize): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  const end = endOfTaps(patches);
  for (let tap = patches + tapsAt; tap < end; tap += tapBytes) {
    if (!inside && !isInside(patches, tap, y, x)) continue;
    const a = pixel + load<usize>(tap, 8);
    const b = kernel + load<usize>(tap, 12);
    s0 = multiplyAdd(v128.load(a), v128.load(b), s0);
    s1 = multiplyAdd(v128.load(a, 16), v128.load(b, 16), s1);
    s2 = multiplyAdd(v128.load(a, 32), v128.load(b, 32), s2);
    s3 = multiplyAdd(v128.load(a, 48), v128.load(b, 48), s3);
  }
  v128.store(to, s0);
  v128.store(to, s1, 16);
  v128.store(to, s2, 32);
  v128.store(to, s3, 48);
}

function addTapsOfFour(patches: usize, inside: bool, y: i32, x: i32, pixel: usize, kernel: usize, to: usize): void {
  let sum = f32x4.splat(0);
  const end = endOfTaps(patches);
  for (let tap = patches + tapsAt; tap < end; tap += tapBytes) {
    if (!inside && !isInside(patches, tap, y, x)) continue;
    sum = multiplyAdd(v128.load(pixel + load<usize>(tap, 8)), v128.load(kernel + load<usize>(tap, 12)), sum);
  }
  v128.store(to, sum);
}

function addTapsOfOne(patches: usize, inside: bool, y: i32, x: i32, pixel: usize, kernel: usize, to: usize): void {
  let sum: f32 = 0;
  const end = endOfTaps(patches);
  for (let tap = patches + tapsAt; tap < end; tap += tapBytes) {
    if (!inside && !isInside(patches, tap, y, x)) continue;
    sum += load<f32>(pixel + load<usize>(tap, 8)) * load<f32>(kernel + load<usize>(tap, 12));
  }
  store<f32>(to, sum);
}

/** Adds the products of 16 channels along a row of pixels to 16 sums: those of a row first, so that long sums stay accurate. */
function addLine(a: usize, aStep: usize, b: usize, bStep: usize, count: i32, to: usize): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (; count > 0; count--) {
    s0 = multiplyAdd(v128.load(a), v128.load(b), s0);
    s1 = multiplyAdd(v128.load(a, 16), v128.load(b, 16), s1);
    s2 = multiplyAdd(v128.load(a, 32), v128.load(b, 32), s2);
    s3 = multiplyAdd(v128.load(a, 48), v128.load(b, 48), s3);
    a += aStep;
    b += bStep;
  }
  v128.store(to, f32x4.add(v128.load(to), s0));
  v128.store(to, f32x4.add(v128.load(to, 16), s1), 16);
  v128.store(to, f32x4.add(v128.load(to, 32), s2), 32);
  v128.store(to, f32x4.add(v128.load(to, 48), s3), 48);
}

function addLineOfFour(a: usize, aStep: usize, b: usize, bStep: usize, count: i32, to: usize): void {
  let sum = f32x4.splat(0);
  for (; count > 0; count--) {
    sum = multiplyAdd(v128.load(a), v128.load(b), sum);
    a += aStep;
    b += bStep;
  }
  v128.store(to, f32x4.add(v128.load(to), sum));
}

function addLineOfOne(a: usize, aStep: usize, b: usize, bStep: usize, count: i32, to: usize): void {
  let sum: f32 = 0;
  for (; count > 0; count--) {
    sum += load<f32>(a) * load<f32>(b);
    a += aStep;
    b += bStep;
  }
  store<f32>(to, load<f32>(to) + sum);
}
