// Convolutions of 3 × 3 taps by Winograd's algorithm F(2 × 2, 3 × 3): 16 products of matrices with 4 multiplications for each result, in
// place of one with 9 (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016).
//
// Elements are added up before they are multiplied, and their products after: infinities turn into NaN, and large numbers overflow. So
// lines of tiles that do not come out finite are computed once more, as `product` does it.
import { aWord, bWord, cWord, columnsWord, flagsWord, rowsWord, wideTiles } from '../../src/wasm/kernels/productLayout';
import {
  channelsWord,
  components,
  linesWord,
  productWord,
  resultColumnsWord,
  resultRowsWord,
  transformedWord,
} from '../../src/wasm/kernels/winogradLayout';
import { multiplyPart } from '../product/productPart';
import {
  componentBytes,
  lineTiles,
  linesPerImage,
  multiplyTiles,
  prepareLines,
  sparePixelOf,
  tilesOf,
  transformLine,
} from './winogradLines';
import { rangeStart, scratch } from '../work';

const productAt: usize = productWord * 4;

/** y = x ∗ kernel, which `winogradKernel` has transformed. Threads share lines of tiles. */
export function winogradConvolution(args: usize, thread: i32, threads: i32): void {
  const product = args + productAt;
  const wide = (load<i32>(product, flagsWord * 4) & wideTiles) != 0;
  const columns = load<i32>(product, columnsWord * 4);
  const channels = load<i32>(args, channelsWord * 4);
  const transformed = load<usize>(args, transformedWord * 4);
  const matrixBytes = <usize>(channels * columns) << 2;
  const tiles = lineTiles(args);
  const limit = load<i32>(args, linesWord * 4);
  const imageStep = componentBytes(limit * tiles, channels);
  const resultStep = componentBytes(limit * tiles, columns);
  const spare = scratch(thread);
  const images = tilesOf(spare);
  const results = images + imageStep * components;
  const lines = linesPerImage(args) * imagesOf(args);
  const end = rangeStart(lines, 1, thread + 1, threads);
  for (let line = rangeStart(lines, 1, thread, threads); line < end; line += limit) {
    const count = min(limit, end - line);
    prepareLines(spare);
    for (let i = 0; i < count; i++) {
      const to = images + (<usize>(i * tiles * channels) << 2);
      transformLine(args, load<usize>(product, aWord * 4), line + i, to, imageStep, spare);
    }
    for (let component = 0; component < components; component++) {
      const kernel = transformed + matrixBytes * component;
      const image = images + imageStep * component;
      const result = results + resultStep * component;
      multiplyTiles(wide, image, channels, count * tiles, kernel, columns, result, spare);
    }
    let failed: u64 = 0;
    for (let i = 0; i < count; i++) {
      if (!writeLine(args, line + i, results + (<usize>(i * tiles * columns) << 2), resultStep, spare)) failed |= (<u64>1) << i;
    }
    for (let i = 0; failed != 0; i++, failed >>= 1) if ((failed & 1) != 0) multiplyLine(args, line + i, thread);
  }
}

// @ts-ignore: decorator
@inline
function imagesOf(args: usize): i32 {
  return load<i32>(args + productAt, rowsWord * 4) / (load<i32>(args, resultRowsWord * 4) * load<i32>(args, resultColumnsWord * 4));
}

/** The first position of a line of tiles. */
// @ts-ignore: decorator
@inline
function positionOf(args: usize, line: i32): i32 {
  const image = line / linesPerImage(args);
  const row = image * load<i32>(args, resultRowsWord * 4) + ((line - image * linesPerImage(args)) << 1);
  return row * load<i32>(args, resultColumnsWord * 4);
}

/** Whether the second row of a line of tiles is there. */
// @ts-ignore: decorator
@inline
function hasSecondRow(args: usize, line: i32): bool {
  const perImage = linesPerImage(args);
  return line % perImage != perImage - 1 || (load<i32>(args, resultRowsWord * 4) & 1) == 0;
}

/** The rows of a line of tiles, computed the direct way. */
function multiplyLine(args: usize, line: i32, thread: i32): void {
  const product = args + productAt;
  const first = positionOf(args, line);
  const positions = load<i32>(args, resultColumnsWord * 4) << <i32>hasSecondRow(args, line);
  multiplyPart(
    product,
    load<usize>(product, aWord * 4),
    load<usize>(product, bWord * 4),
    load<usize>(product, cWord * 4),
    0,
    first,
    first + positions,
    0,
    load<i32>(product, columnsWord * 4),
    thread,
  );
}

/**
 * Aᵀ m A with rows m₀ + m₁ + m₂, m₁ − m₂ + m₃, for a line of tiles.
 * @param from the first component of the first tile
 * @returns whether all of it is finite
 */
function writeLine(args: usize, line: i32, from: usize, step: usize, spare: usize): bool {
  const product = args + productAt;
  const wide = isDefined(RELAXED) && (load<i32>(product, flagsWord * 4) & wideTiles) != 0;
  const columns = load<i32>(args, resultColumnsWord * 4);
  const pixel = load<usize>(product, columnsWord * 4) << 2;
  const nowhere = sparePixelOf(spare);
  const hasBelow = hasSecondRow(args, line);
  let to = load<usize>(product, cWord * 4) + pixel * positionOf(args, line);
  let isFinite = true;
  for (let column = 0; column < columns; column += 2) {
    const hasNext = column + 1 < columns;
    const below = hasBelow ? to + pixel * columns : nowhere;
    const next = hasNext ? to + pixel : nowhere;
    const last = hasBelow && hasNext ? below + pixel : nowhere;
    const isTileFinite = wide
      ? writeTile(true, from, step, to, next, below, last, pixel)
      : writeTile(false, from, step, to, next, below, last, pixel);
    isFinite = isTileFinite && isFinite;
    from += pixel;
    to += pixel << 1;
  }
  return isFinite;
}

// With `wide`, vectors in pairs; without, what fits into registers.
// @ts-ignore: decorator
@inline
function writeTile(wide: bool, from: usize, step: usize, y00: usize, y01: usize, y10: usize, y11: usize, bytes: usize): bool {
  let check = f32x4.splat(0);
  let otherCheck = check;
  const vectors: usize = wide ? 32 : 16;
  for (const end = from + bytes; from < end; from += vectors) {
    let at = from;
    // Columns of components, one after the other: first their sums along the rows.
    let s = firstSum(at, step), s4 = wide ? firstSum(at + 16, step) : s;
    let d = secondSum(at, step), d4 = wide ? secondSum(at + 16, step) : d;
    let a = s, b = d, a4 = s4, b4 = d4;
    at += step;
    s = firstSum(at, step); s4 = wide ? firstSum(at + 16, step) : s;
    d = secondSum(at, step); d4 = wide ? secondSum(at + 16, step) : d;
    a = f32x4.add(a, s); a4 = wide ? f32x4.add(a4, s4) : a;
    b = f32x4.add(b, d); b4 = wide ? f32x4.add(b4, d4) : b;
    let c = s, e = d, c4 = s4, e4 = d4;
    at += step;
    s = firstSum(at, step); s4 = wide ? firstSum(at + 16, step) : s;
    d = secondSum(at, step); d4 = wide ? secondSum(at + 16, step) : d;
    a = f32x4.add(a, s); a4 = wide ? f32x4.add(a4, s4) : a;
    b = f32x4.add(b, d); b4 = wide ? f32x4.add(b4, d4) : b;
    c = f32x4.sub(c, s); c4 = wide ? f32x4.sub(c4, s4) : c;
    e = f32x4.sub(e, d); e4 = wide ? f32x4.sub(e4, d4) : e;
    at += step;
    s = firstSum(at, step); s4 = wide ? firstSum(at + 16, step) : s;
    d = secondSum(at, step); d4 = wide ? secondSum(at + 16, step) : d;
    c = f32x4.add(c, s); c4 = wide ? f32x4.add(c4, s4) : c;
    e = f32x4.add(e, d); e4 = wide ? f32x4.add(e4, d4) : e;
    v128.store(y00, a);
    if (wide) v128.store(y00, a4, 16);
    v128.store(y01, c);
    if (wide) v128.store(y01, c4, 16);
    v128.store(y10, b);
    if (wide) v128.store(y10, b4, 16);
    v128.store(y11, e);
    if (wide) v128.store(y11, e4, 16);
    const all = f32x4.add(f32x4.add(a, b), f32x4.add(c, e));
    check = f32x4.add(check, f32x4.mul(all, f32x4.splat(0)));
    if (wide) {
      const others = f32x4.add(f32x4.add(a4, b4), f32x4.add(c4, e4));
      otherCheck = f32x4.add(otherCheck, f32x4.mul(others, f32x4.splat(0)));
    }
    y00 += vectors;
    y01 += vectors;
    y10 += vectors;
    y11 += vectors;
  }
  if (wide) check = f32x4.add(check, otherCheck);
  return !v128.any_true(f32x4.ne(check, check));
}

// @ts-ignore: decorator
@inline
function firstSum(from: usize, step: usize): v128 {
  return f32x4.add(f32x4.add(v128.load(from), v128.load(from + (step << 2))), v128.load(from + (step << 3)));
}

// @ts-ignore: decorator
@inline
function secondSum(from: usize, step: usize): v128 {
  return f32x4.add(f32x4.sub(v128.load(from + (step << 2)), v128.load(from + (step << 3))), v128.load(from + step * 12));
}
