// Lines of tiles for Winograd's convolutions: two rows of results, and the four rows of the image under them, each element of a tile in
// the matrix of its component. Component 4 · i + j takes rows as i says and columns as j says, both in the same way.
import {
  channelsWord,
  imageHeightWord,
  imageWidthWord,
  mostChannels,
  mostLineBytes,
  paddingColumnsWord,
  paddingRowsWord,
  resultColumnsWord,
  resultRowsWord,
} from '../../src/wasm/kernels/winogradLayout';
import { multiplyPanel } from '../product/productPanel';
import { narrowColumns, wideColumns } from '../product/productTile';

// Working memory: a tile of a product and zeros where its sums begin; a pixel of zeros, and one for results that are not kept; a line.
const zerosAt: usize = 512;
const zeroPixelAt: usize = 1024;
const sparePixelAt: usize = zeroPixelAt + <usize>mostChannels * 4;
const lineAt: usize = sparePixelAt + <usize>mostChannels * 4;
const tilesAt: usize = lineAt + <usize>mostLineBytes;

/** Clears what `transformLine` and `multiplyTiles` expect to be zero. */
export function prepareLines(spare: usize): void {
  memory.fill(spare + zerosAt, 0, wideColumns << 2);
  memory.fill(spare + zeroPixelAt, 0, <usize>mostChannels * 4);
}

/** Room for tiles: `mostTileBytes`, and some between the components. */
// @ts-ignore: decorator
@inline
export function tilesOf(spare: usize): usize {
  return spare + tilesAt;
}

/** Room for a pixel that nobody reads. */
// @ts-ignore: decorator
@inline
export function sparePixelOf(spare: usize): usize {
  return spare + sparePixelAt;
}

/** c [rows, columns] = a [rows, k] · b [k, columns]; 8 divides the columns. */
export function multiplyTiles(wide: bool, a: usize, k: i32, rows: i32, b: usize, columns: i32, c: usize, spare: usize): void {
  const step = <usize>columns << 2;
  for (let column = 0; column < columns; ) {
    const isWide = isDefined(RELAXED) && wide && columns - column > narrowColumns;
    const width = isWide ? wideColumns : narrowColumns;
    const at = <usize>column << 2;
    multiplyPanel(true, isWide, a, <usize>k << 2, rows, 0, b + at, step, c + at, step, 0, 0, width, spare + zerosAt, k, false, spare);
    column += width;
  }
}

// @ts-ignore: decorator
@inline
export function lineTiles(args: usize): i32 {
  return (load<i32>(args, resultColumnsWord * 4) + 1) >> 1;
}

// @ts-ignore: decorator
@inline
export function linesPerImage(args: usize): i32 {
  return (load<i32>(args, resultRowsWord * 4) + 1) >> 1;
}

/** Bytes from one component of so many tiles to the next: components do not fall on the same places of a cache. */
// @ts-ignore: decorator
@inline
export function componentBytes(tiles: i32, channels: i32): usize {
  return (<usize>(tiles * channels) << 2) + 192;
}

/**
 * The components of the tiles of a line of images: Bᵀ d B with rows d₀ − d₂, d₁ + d₂, d₂ − d₁, d₃ − d₁.
 * @param to the first component of the first tile; the others are `step` bytes apart
 */
export function transformLine(args: usize, images: usize, line: i32, to: usize, step: usize, spare: usize): void {
  const pixel = load<usize>(args, channelsWord * 4) << 2;
  const height = load<i32>(args, imageHeightWord * 4);
  const width = load<i32>(args, imageWidthWord * 4);
  const tiles = lineTiles(args);
  const image = line / linesPerImage(args);
  const top = ((line - image * linesPerImage(args)) << 1) - load<i32>(args, paddingRowsWord * 4);
  const rows = images + pixel * (image * height * width);
  const before = load<i32>(args, paddingColumnsWord * 4);
  const row = spare + lineAt;
  for (let i = 0; i < 4; i++) {
    combineRows(rows, height, width, top + i, top + otherOf(i), i != 1, before, (tiles << 1) + 2, pixel, spare);
    for (let j = 0; j < 4; j++) {
      combine(row + pixel * j, pixel << 1, row + pixel * otherOf(j), pixel << 1, to, pixel, pixel, tiles, j != 1);
      to += step;
    }
  }
}

/** What is added to row or column `index` of a tile, or subtracted from it. */
// @ts-ignore: decorator
@inline
function otherOf(index: i32): i32 {
  return index < 2 ? 2 : 1;
}

/** The sum or the difference of two rows of an image, from `before` columns before it on; zeros outside. */
function combineRows(
  image: usize,
  height: i32,
  width: i32,
  first: i32,
  second: i32,
  subtract: bool,
  before: i32,
  columns: i32,
  pixel: usize,
  spare: usize,
): void {
  const zeros = spare + zeroPixelAt;
  const to = spare + lineAt;
  const inside = min(width, columns - before);
  const isFirst = <u32>first < <u32>height;
  const isSecond = <u32>second < <u32>height;
  memory.fill(to, 0, pixel * before);
  combine(
    isFirst ? image + pixel * (first * width) : zeros,
    isFirst ? pixel : 0,
    isSecond ? image + pixel * (second * width) : zeros,
    isSecond ? pixel : 0,
    to + pixel * before,
    pixel,
    pixel,
    inside,
    subtract,
  );
  memory.fill(to + pixel * (before + inside), 0, pixel * (columns - before - inside));
}

/** `count` pixels, each the sum or the difference of two. */
function combine(
  first: usize,
  firstStep: usize,
  second: usize,
  secondStep: usize,
  to: usize,
  toStep: usize,
  bytes: usize,
  count: i32,
  subtract: bool,
): void {
  for (; count > 0; count--) {
    if (subtract) combinePixel(first, second, to, bytes, true);
    else combinePixel(first, second, to, bytes, false);
    first += firstStep;
    second += secondStep;
    to += toStep;
  }
}

// @ts-ignore: decorator
@inline
function combinePixel(first: usize, second: usize, to: usize, bytes: usize, subtract: bool): void {
  for (const end = first + bytes; first < end; first += 32) {
    const low = v128.load(first);
    const high = v128.load(first, 16);
    const otherLow = v128.load(second);
    const otherHigh = v128.load(second, 16);
    v128.store(to, subtract ? f32x4.sub(low, otherLow) : f32x4.add(low, otherLow));
    v128.store(to, subtract ? f32x4.sub(high, otherHigh) : f32x4.add(high, otherHigh), 16);
    second += 32;
    to += 32;
  }
}
