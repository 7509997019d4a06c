// Pooling: the largest element or the mean under a window of an image [batch, height, width, channels], four channels at a time.
import { storeFirst } from '../lanes';
import { rangeStart, scratch } from '../work';

// The description of the windows, which the argument blocks below end with: batch, height, width, channels; rows and columns of the
// result; the window's rows and columns; strides; padding before rows and columns; dilations; padding after rows and columns that
// counts.

// @ts-ignore: decorator
@inline
function height(windows: usize): i32 {
  return load<i32>(windows, 4);
}

// @ts-ignore: decorator
@inline
function width(windows: usize): i32 {
  return load<i32>(windows, 8);
}

// @ts-ignore: decorator
@inline
function channels(windows: usize): i32 {
  return load<i32>(windows, 12);
}

// @ts-ignore: decorator
@inline
function resultRows(windows: usize): i32 {
  return load<i32>(windows, 16);
}

// @ts-ignore: decorator
@inline
function resultColumns(windows: usize): i32 {
  return load<i32>(windows, 20);
}

/** The row of the image under a cell of the window, which may be outside. */
// @ts-ignore: decorator
@inline
function imageRow(windows: usize, resultRow: i32, cell: i32): i32 {
  return resultRow * load<i32>(windows, 32) - load<i32>(windows, 40) + cell * rowDilation(windows);
}

// @ts-ignore: decorator
@inline
function imageColumn(windows: usize, resultColumn: i32, cell: i32): i32 {
  return resultColumn * load<i32>(windows, 36) - load<i32>(windows, 44) + cell * columnDilation(windows);
}

// @ts-ignore: decorator
@inline
function rowDilation(windows: usize): i32 {
  return load<i32>(windows, 48);
}

// @ts-ignore: decorator
@inline
function columnDilation(windows: usize): i32 {
  return load<i32>(windows, 52);
}

// @ts-ignore: decorator
@inline
function windowRows(windows: usize): i32 {
  return load<i32>(windows, 24);
}

// @ts-ignore: decorator
@inline
function windowColumns(windows: usize): i32 {
  return load<i32>(windows, 28);
}

/** args: x, y, then the description of the windows. */
export function maxPool(args: usize, thread: i32, threads: i32): void {
  pool(args, args + 8, thread, threads, true, false);
}

/** args: x, y, 1 if padding counts as elements of value 0, then the description of the windows. */
export function averagePool(args: usize, thread: i32, threads: i32): void {
  pool(args, args + 12, thread, threads, false, load<i32>(args, 8) != 0);
}

// @ts-ignore: decorator
@inline
function pool(args: usize, windows: usize, thread: i32, threads: i32, largest: bool, countPadding: bool): void {
  const rows = load<i32>(windows) * resultRows(windows);
  const end = rangeStart(rows, 1, thread + 1, threads);
  for (let row = rangeStart(rows, 1, thread, threads); row < end; row++) {
    const image = row / resultRows(windows);
    const imageSize = height(windows) * width(windows) * channels(windows);
    const x = load<usize>(args) + (<usize>(image * imageSize) << 2);
    const y = load<usize>(args, 4) + (<usize>(row * resultColumns(windows) * channels(windows)) << 2);
    fetchRows(windows, x, row % resultRows(windows) + 1, scratch(thread));
    poolRow(windows, x, y, row % resultRows(windows), largest, countPadding);
  }
}

/** One row of the result. What counts stays in registers while it goes through the cells of a window that are in the image. */
// @ts-ignore: decorator
@inline
function poolRow(windows: usize, x: usize, y: usize, row: i32, largest: bool, countPadding: bool): void {
  const pixel = <usize>channels(windows) << 2;
  const counting = largest ? 0 : countRows(windows, row, countPadding);
  const firstRow = firstCell(imageRow(windows, row, 0), rowDilation(windows));
  const rows = endCell(imageRow(windows, row, 0), rowDilation(windows), windowRows(windows), height(windows)) - firstRow;
  const line = x + <usize>(imageRow(windows, row, firstRow) * width(windows)) * pixel;
  const rowStep = <usize>(rowDilation(windows) * width(windows)) * pixel;
  const columnStep = <usize>columnDilation(windows) * pixel;
  for (let column = 0; column < resultColumns(windows); column++) {
    const firstColumn = firstCell(imageColumn(windows, column, 0), columnDilation(windows));
    const columns = endCell(imageColumn(windows, column, 0), columnDilation(windows), windowColumns(windows), width(windows)) - firstColumn;
    const from = line + <usize>imageColumn(windows, column, firstColumn) * pixel;
    const count: f32 = largest ? 1 : <f32>(counting * countColumns(windows, column, countPadding));
    let at: usize = 0;
    for (; at + 32 <= pixel; at += 32) poolVectors(true, from + at, rowStep, rows, columnStep, columns, largest, count, y + at, 4);
    for (; at < pixel; at += 16) {
      poolVectors(false, from + at, rowStep, rows, columnStep, columns, largest, count, y + at, <i32>(pixel - at) >> 2);
    }
    y += pixel;
  }
}

/** The first cell of a window along an axis that is in the image, given where its cell 0 is. */
// @ts-ignore: decorator
@inline
function firstCell(start: i32, dilation: i32): i32 {
  return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
}

/** The end of the cells that are in the image; not before the first one. */
// @ts-ignore: decorator
@inline
function endCell(start: i32, dilation: i32, cells: i32, extent: i32): i32 {
  return max(firstCell(start, dilation), start >= extent ? 0 : min(cells, (extent - 1 - start) / dilation + 1));
}

/** Eight channels of a window, or the first `lanes` of four. */
// @ts-ignore: decorator
@inline
function poolVectors(
  two: bool,
  from: usize,
  rowStep: usize,
  rows: i32,
  columnStep: usize,
  columns: i32,
  largest: bool,
  count: f32,
  to: usize,
  lanes: i32,
): void {
  let s0 = f32x4.splat(largest ? -Infinity : 0), s1 = s0;
  // Of largest elements: in which lanes there is a NaN, and the signs, because 0 is larger than −0: minus if all are.
  let n0 = f32x4.splat(0), n1 = n0;
  let z0 = f32x4.splat(-0.0), z1 = z0;
  for (; rows > 0; rows--, from += rowStep) {
    let cell = from;
    for (let left = columns; left > 0; left--, cell += columnStep) {
      const x0 = v128.load(cell);
      const x1 = two ? v128.load(cell, 16) : x0;
      s0 = largest ? f32x4.pmax(s0, x0) : f32x4.add(s0, x0);
      if (two) s1 = largest ? f32x4.pmax(s1, x1) : f32x4.add(s1, x1);
      if (largest) {
        n0 = v128.or(n0, f32x4.ne(x0, x0));
        z0 = v128.and(z0, x0);
        if (two) {
          n1 = v128.or(n1, f32x4.ne(x1, x1));
          z1 = v128.and(z1, x1);
        }
      }
    }
  }
  s0 = largest ? largestOf(s0, n0, z0) : f32x4.div(s0, f32x4.splat(count));
  if (!two) {
    storeFirst(to, s0, lanes);
    return;
  }
  s1 = largest ? largestOf(s1, n1, z1) : f32x4.div(s1, f32x4.splat(count));
  v128.store(to, s0);
  v128.store(to, s1, 16);
}

/** All bits where there is a NaN, which makes a NaN of what is there; else the largest with its sign. */
// @ts-ignore: decorator
@inline
function largestOf(values: v128, isNaN: v128, signs: v128): v128 {
  return v128.or(v128.or(v128.andnot(values, f32x4.splat(-0.0)), signs), isNaN);
}

/** How many rows of a window count: those in the image, or also those in its padding. */
function countRows(windows: usize, row: i32, countPadding: bool): i32 {
  const before = countPadding ? load<i32>(windows, 40) : 0;
  const after = countPadding ? load<i32>(windows, 56) : 0;
  let count = 0;
  for (let cell = 0; cell < windowRows(windows); cell++) {
    const at = imageRow(windows, row, cell);
    if (at >= -before && at < height(windows) + after) count++;
  }
  return count;
}

function countColumns(windows: usize, column: i32, countPadding: bool): i32 {
  const before = countPadding ? load<i32>(windows, 44) : 0;
  const after = countPadding ? load<i32>(windows, 60) : 0;
  let count = 0;
  for (let cell = 0; cell < windowColumns(windows); cell++) {
    const at = imageColumn(windows, column, cell);
    if (at >= -before && at < width(windows) + after) count++;
  }
  return count;
}

/**
 * args: x, y, dy, dx, then the description of the windows. The gradient goes to the first element, row by row, that is the largest.
 * Windows may overlap, so a thread takes whole images.
 */
export function maxPoolGradient(args: usize, thread: i32, threads: i32): void {
  const windows = args + 16;
  const images = load<i32>(windows);
  const imageBytes = <usize>(height(windows) * width(windows) * channels(windows)) << 2;
  const resultBytes = <usize>(resultRows(windows) * resultColumns(windows) * channels(windows)) << 2;
  const end = rangeStart(images, 1, thread + 1, threads);
  for (let image = rangeStart(images, 1, thread, threads); image < end; image++) {
    const dx = load<usize>(args, 12) + <usize>image * imageBytes;
    const result = <usize>image * resultBytes;
    memory.fill(dx, 0, imageBytes);
    const x = load<usize>(args) + <usize>image * imageBytes;
    scatterImage(windows, x, load<usize>(args, 4) + result, load<usize>(args, 8) + result, dx, scratch(thread));
  }
}

function scatterImage(windows: usize, x: usize, y: usize, dy: usize, dx: usize, spare: usize): void {
  const pixel = <usize>channels(windows) << 2;
  const rowStep = <usize>(rowDilation(windows) * width(windows)) * pixel;
  const columnStep = <usize>columnDilation(windows) * pixel;
  for (let row = 0; row < resultRows(windows); row++) {
    const firstRow = firstCell(imageRow(windows, row, 0), rowDilation(windows));
    const rows = endCell(imageRow(windows, row, 0), rowDilation(windows), windowRows(windows), height(windows)) - firstRow;
    const line = <usize>(imageRow(windows, row, firstRow) * width(windows)) * pixel;
    fetchRows(windows, x, row + 1, spare);
    for (let column = 0; column < resultColumns(windows); column++, y += pixel, dy += pixel) {
      const firstColumn = firstCell(imageColumn(windows, column, 0), columnDilation(windows));
      const end = endCell(imageColumn(windows, column, 0), columnDilation(windows), windowColumns(windows), width(windows));
      const columns = end - firstColumn;
      const cell = line + <usize>imageColumn(windows, column, firstColumn) * pixel;
      const isAfterPadding = firstRow > 0 || firstColumn > 0;
      let at: usize = 0;
      for (; at + 32 <= pixel; at += 32) {
        scatterVectors(true, x + cell + at, dx + cell + at, rowStep, rows, columnStep, columns, y + at, dy + at, isAfterPadding, 4);
      }
      for (; at < pixel; at += 16) {
        const lanes = <i32>(pixel - at) >> 2;
        scatterVectors(false, x + cell + at, dx + cell + at, rowStep, rows, columnStep, columns, y + at, dy + at, isAfterPadding, lanes);
      }
    }
  }
}

/** Reads what a row of windows will need, one element of each line of the caches, in the order in which processors expect it. */
function fetchRows(windows: usize, x: usize, row: i32, spare: usize): void {
  const line = <usize>(width(windows) * channels(windows)) << 2;
  const first = max(0, imageRow(windows, row, 0));
  const end = x + line * max(first, min(height(windows), imageRow(windows, row + 1, 0)));
  let sum = f32x4.splat(0);
  for (let at = x + line * first; at < end; at += 64) sum = v128.or(sum, v128.load(at));
  v128.store(spare, sum);
}

/**
 * Adds the gradient of eight channels of a window, or of the first `lanes` of four, to the first cell that attains the maximum.
 * @param isAfterPadding whether a cell outside of the image comes first: it takes the gradient where −∞ is the largest, as if the image
 * had been padded with that, and it is lost there
 */
// @ts-ignore: decorator
@inline
function scatterVectors(
  two: bool,
  x: usize,
  dx: usize,
  rowStep: usize,
  rows: i32,
  columnStep: usize,
  columns: i32,
  y: usize,
  dy: usize,
  isAfterPadding: bool,
  lanes: i32,
): void {
  const y0 = v128.load(y);
  const y1 = two ? v128.load(y, 16) : y0;
  let d0 = v128.load(dy), d1 = two ? v128.load(dy, 16) : d0;
  if (isAfterPadding) {
    d0 = v128.andnot(d0, f32x4.eq(y0, f32x4.splat(-Infinity)));
    if (two) d1 = v128.andnot(d1, f32x4.eq(y1, f32x4.splat(-Infinity)));
  }
  const n0 = f32x4.ne(y0, y0);
  const n1 = two ? f32x4.ne(y1, y1) : n0;
  for (; rows > 0; rows--, x += rowStep, dx += rowStep) {
    for (let column = 0, at: usize = 0; column < columns; column++, at += columnStep) {
      const x0 = v128.load(x + at);
      const x1 = two ? v128.load(x + at, 16) : x0;
      const takes0 = v128.or(f32x4.eq(x0, y0), v128.and(n0, f32x4.ne(x0, x0)));
      const takes1 = two ? v128.or(f32x4.eq(x1, y1), v128.and(n1, f32x4.ne(x1, x1))) : takes0;
      const sum0 = f32x4.add(v128.load(dx + at), v128.and(d0, takes0));
      const sum1 = two ? f32x4.add(v128.load(dx + at, 16), v128.and(d1, takes1)) : sum0;
      if (two) {
        v128.store(dx + at, sum0);
        v128.store(dx + at, sum1, 16);
      } else {
        storeFirst(dx + at, sum0, lanes);
      }
      d0 = v128.andnot(d0, takes0);
      if (two) d1 = v128.andnot(d1, takes1);
    }
  }
}
