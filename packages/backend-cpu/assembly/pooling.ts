// Pooling: the largest element or the mean under a window of an image [batch, height, width, channels], four channels at a time.
import { storeFirst } from './lanes';
import { rangeStart, scratch } from './work';

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
  return resultRow * load<i32>(windows, 32) - load<i32>(windows, 40) + cell * load<i32>(windows, 48);
}

// @ts-ignore: decorator
@inline
function imageColumn(windows: usize, resultColumn: i32, cell: i32): i32 {
  return resultColumn * load<i32>(windows, 36) - load<i32>(windows, 44) + cell * load<i32>(windows, 52);
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
    poolRow(windows, x, y, row % resultRows(windows), largest, countPadding);
  }
}

/** One row of the result: cell by cell of the window, all channels of an element at a time. */
function poolRow(windows: usize, x: usize, y: usize, row: i32, largest: bool, countPadding: bool): void {
  const depth = channels(windows);
  const pixel = <usize>depth << 2;
  const counting = largest ? 0 : countRows(windows, row, countPadding);
  for (let column = 0; column < resultColumns(windows); column++, y += pixel) {
    let isFirst = true;
    for (let i = 0; i < windowRows(windows); i++) {
      const fromRow = imageRow(windows, row, i);
      if (<u32>fromRow >= <u32>height(windows)) continue;
      for (let j = 0; j < windowColumns(windows); j++) {
        const fromColumn = imageColumn(windows, column, j);
        if (<u32>fromColumn >= <u32>width(windows)) continue;
        takeElement(y, x + <usize>(fromRow * width(windows) + fromColumn) * pixel, depth, largest, isFirst);
        isFirst = false;
      }
    }
    if (isFirst) fillElement(y, depth, largest ? -Infinity : 0);
    if (!largest) divideElement(y, depth, <f32>(counting * countColumns(windows, column, countPadding)));
  }
}

function takeElement(y: usize, x: usize, depth: i32, largest: bool, isFirst: bool): void {
  for (let channel = 0; channel < depth; channel += 4, x += 16, y += 16) {
    let result = v128.load(x);
    if (!isFirst) result = largest ? f32x4.max(v128.load(y), result) : f32x4.add(v128.load(y), result);
    storeFirst(y, result, depth - channel);
  }
}

function fillElement(y: usize, depth: i32, value: f32): void {
  for (let channel = 0; channel < depth; channel++, y += 4) store<f32>(y, value);
}

function divideElement(y: usize, depth: i32, by: f32): void {
  for (let channel = 0; channel < depth; channel += 4, y += 16) {
    storeFirst(y, f32x4.div(v128.load(y), f32x4.splat(by)), depth - channel);
  }
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
    scatterImage(
      windows,
      load<usize>(args) + <usize>image * imageBytes,
      load<usize>(args, 4) + result,
      load<usize>(args, 8) + result,
      dx,
      scratch(thread),
    );
  }
}

/** Channels that are done together. */
const channelBlock: i32 = 4096;

/** @param left room for what the cells of a window so far have left over: the first that attains the maximum takes all of it */
function scatterImage(windows: usize, x: usize, y: usize, dy: usize, dx: usize, left: usize): void {
  const depth = channels(windows);
  const pixel = <usize>depth << 2;
  for (let row = 0; row < resultRows(windows); row++) {
    for (let column = 0; column < resultColumns(windows); column++, y += pixel, dy += pixel) {
      for (let channel = 0; channel < depth; channel += channelBlock) {
        const count = min(channelBlock, depth - channel);
        const at = <usize>channel << 2;
        for (let copied: usize = 0; copied < <usize>count << 2; copied += 16) v128.store(left + copied, v128.load(dy + at + copied));
        scatterWindow(windows, x + at, y + at, dx + at, row, column, count, left);
      }
    }
  }
}

function scatterWindow(windows: usize, x: usize, y: usize, dx: usize, row: i32, column: i32, count: i32, left: usize): void {
  const pixel = <usize>channels(windows) << 2;
  for (let i = 0; i < windowRows(windows); i++) {
    const toRow = imageRow(windows, row, i);
    for (let j = 0; j < windowColumns(windows); j++) {
      const toColumn = imageColumn(windows, column, j);
      if (<u32>toRow < <u32>height(windows) && <u32>toColumn < <u32>width(windows)) {
        const at = <usize>(toRow * width(windows) + toColumn) * pixel;
        giveElement(x + at, y, dx + at, left, count);
      } else loseElement(y, left, count);
    }
  }
}

/** Adds what is left to the channels that attain the maximum. */
function giveElement(x: usize, y: usize, dx: usize, left: usize, count: i32): void {
  for (let channel = 0; channel < count; channel += 4, x += 16, y += 16, dx += 16, left += 16) {
    const values = v128.load(x);
    const largest = v128.load(y);
    const rest = v128.load(left);
    const bothNaN = v128.and(f32x4.ne(largest, largest), f32x4.ne(values, values));
    const attains = v128.or(f32x4.eq(values, largest), bothNaN);
    storeFirst(dx, f32x4.add(v128.load(dx), v128.and(rest, attains)), count - channel);
    v128.store(left, v128.andnot(rest, attains));
  }
}

/** A cell outside takes what is left where −∞ is the largest, as if the image had been padded with that; it is lost there. */
function loseElement(y: usize, left: usize, count: i32): void {
  for (let channel = 0; channel < count; channel += 4, y += 16, left += 16) {
    const takes = f32x4.eq(v128.load(y), f32x4.splat(-Infinity));
    v128.store(left, v128.andnot(v128.load(left), takes));
  }
}
