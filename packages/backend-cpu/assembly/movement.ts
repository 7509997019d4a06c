// Moving elements: strided copies (transpose, slice, concat, pad), indices, gather and scatter.
import { extentOf, rankOf, rowCount, rowStart, strideOf } from './loops';
import { rangeStart } from './work';

/** args: from, to, then a nest of the operands [from, to]; elements of 4 bytes. */
export function copyWords(args: usize, thread: i32, threads: i32): void {
  copyStrided<i32>(args, thread, threads);
}

/** args: from, to, then a nest of the operands [from, to]; elements of 1 byte. */
export function copyBytes(args: usize, thread: i32, threads: i32): void {
  copyStrided<u8>(args, thread, threads);
}

// @ts-ignore: decorator
@inline
function copyStrided<T>(args: usize, thread: i32, threads: i32): void {
  const from = load<usize>(args);
  const to = load<usize>(args, 4);
  const nest = args + 8;
  const inner = rankOf(nest) - 1;
  const length = extentOf(nest, inner);
  const fromStep = <usize>strideOf(nest, 0, inner) * sizeof<T>();
  const toStep = <usize>strideOf(nest, 1, inner) * sizeof<T>();
  const rows = rowCount(nest);
  const end = rangeStart(rows, 1, thread + 1, threads);
  for (let row = rangeStart(rows, 1, thread, threads); row < end; row++) {
    let source = from + <usize>rowStart(nest, 0, row) * sizeof<T>();
    let target = to + <usize>rowStart(nest, 1, row) * sizeof<T>();
    if (fromStep == sizeof<T>() && toStep == sizeof<T>()) {
      copyRun(target, source, <usize>length * sizeof<T>());
      continue;
    }
    for (let element = 0; element < length; element++) {
      store<T>(target, load<T>(source));
      source += fromStep;
      target += toStep;
    }
  }
}

/**
 * args: from, to, matrices, rows, columns: turns matrices of 4-byte elements around, [rows, columns] → [columns, rows].
 * In tiles of 4 × 4, and of 16 rows at a time, so that lines of the cache are read and written as a whole.
 */
export function transposeWords(args: usize, thread: i32, threads: i32): void {
  const from = load<usize>(args);
  const to = load<usize>(args, 4);
  const matrices = load<i32>(args, 8);
  const rows = load<i32>(args, 12);
  const columns = load<i32>(args, 16);
  const strips = (rows + stripRows - 1) / stripRows;
  const end = rangeStart(matrices * strips, 1, thread + 1, threads);
  for (let strip = rangeStart(matrices * strips, 1, thread, threads); strip < end; strip++) {
    const matrix = <usize>(strip / strips) * <usize>(rows * columns);
    const first = (strip % strips) * stripRows;
    transposeStrip(
      from + ((matrix + <usize>(first * columns)) << 2),
      to + ((matrix + <usize>first) << 2),
      min(stripRows, rows - first),
      <usize>columns << 2,
      <usize>rows << 2,
    );
  }
}

const stripRows: i32 = 16;

/** `rows` rows of `fromStep` bytes become columns, `toStep` bytes from one of their elements to the next. */
function transposeStrip(from: usize, to: usize, rows: i32, fromStep: usize, toStep: usize): void {
  const whole = rows & ~3;
  let column: usize = 0;
  for (; column + 16 <= fromStep; column += 16, to += 4 * toStep) {
    for (let row = 0; row < whole; row += 4) {
      const source = from + <usize>row * fromStep + column;
      const target = to + (<usize>row << 2);
      const a = v128.load(source);
      const b = v128.load(source + fromStep);
      const c = v128.load(source + 2 * fromStep);
      const d = v128.load(source + 3 * fromStep);
      const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
      const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
      v128.store(target, v128.shuffle<i64>(ab, cd, 0, 2));
      v128.store(target + toStep, v128.shuffle<i64>(ab, cd, 1, 3));
      const abUpper = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
      const cdUpper = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
      v128.store(target + 2 * toStep, v128.shuffle<i64>(abUpper, cdUpper, 0, 2));
      v128.store(target + 3 * toStep, v128.shuffle<i64>(abUpper, cdUpper, 1, 3));
    }
    for (let row = whole; row < rows; row++) {
      const source = from + <usize>row * fromStep + column;
      for (let lane: usize = 0; lane < 4; lane++) store<i32>(to + lane * toStep + (<usize>row << 2), load<i32>(source + (lane << 2)));
    }
  }
  for (; column < fromStep; column += 4, to += toStep) {
    for (let row = 0; row < rows; row++) store<i32>(to + (<usize>row << 2), load<i32>(from + <usize>row * fromStep + column));
  }
}

/** args: to, outer, extent, inner: element (o, e, i) of [outer, extent, inner] becomes e. */
export function iota(args: usize, thread: i32, threads: i32): void {
  const to = load<usize>(args);
  const outer = load<i32>(args, 4);
  const extent = load<i32>(args, 8);
  const inner = load<i32>(args, 12);
  const rows = outer * extent;
  const end = rangeStart(rows, 1, thread + 1, threads);
  for (let row = rangeStart(rows, 1, thread, threads); row < end; row++) {
    const value = row % extent;
    let at = to + (<usize>(row * inner) << 2);
    for (let element = 0; element < inner; element++, at += 4) store<i32>(at, value);
  }
}

/** args: x, indices, to, outer, extent, entries, bytes of an entry, word that fills entries whose index is out of range. */
export function gather(args: usize, thread: i32, threads: i32): void {
  const x = load<usize>(args);
  const indices = load<usize>(args, 4);
  const to = load<usize>(args, 8);
  const outer = load<i32>(args, 12);
  const extent = load<i32>(args, 16);
  const entries = load<i32>(args, 20);
  const bytes = load<usize>(args, 24);
  const missing = load<i32>(args, 28);
  const rows = outer * entries;
  const end = rangeStart(rows, 1, thread + 1, threads);
  for (let row = rangeStart(rows, 1, thread, threads); row < end; row++) {
    const index = load<i32>(indices + (<usize>(row % entries) << 2));
    const target = to + <usize>row * bytes;
    if (<u32>index < <u32>extent) copyRun(target, x + <usize>((row / entries) * extent + index) * bytes, bytes);
    else if (missing == 0) memory.fill(target, 0, bytes);
    else for (let at: usize = 0; at < bytes; at += 4) store<i32>(target + at, missing);
  }
}

/** args: updates, indices, to (zeros), outer, extent, entries, inner: adds entry e of updates [outer, entries, inner] at its index. */
export function scatterAdd(args: usize, thread: i32, threads: i32): void {
  const updates = load<usize>(args);
  const indices = load<usize>(args, 4);
  const to = load<usize>(args, 8);
  const outer = load<i32>(args, 12);
  const extent = load<i32>(args, 16);
  const entries = load<i32>(args, 20);
  const inner = load<i32>(args, 24);
  // Threads share the elements of an entry: each sum has one owner, who adds in the order of the entries.
  const begin = <usize>rangeStart(inner, 16, thread, threads) << 2;
  const end = <usize>rangeStart(inner, 16, thread + 1, threads) << 2;
  for (let row = 0; row < outer * entries; row++) {
    const index = load<i32>(indices + (<usize>(row % entries) << 2));
    if (<u32>index >= <u32>extent) continue;
    const source = updates + (<usize>(row * inner) << 2);
    const target = to + (<usize>(((row / entries) * extent + index) * inner) << 2);
    let at = begin;
    for (; at + 16 <= end; at += 16) v128.store(target + at, f32x4.add(v128.load(target + at), v128.load(source + at)));
    for (; at < end; at += 4) store<f32>(target + at, load<f32>(target + at) + load<f32>(source + at));
  }
}

/** Copies neighbours. The engine's own copy is a call, which is worth it for long runs only. */
function copyRun(to: usize, from: usize, bytes: usize): void {
  if (bytes >= 1024) {
    memory.copy(to, from, bytes);
    return;
  }
  const end = to + bytes;
  for (; to + 16 <= end; to += 16, from += 16) v128.store(to, v128.load(from));
  for (; to + 4 <= end; to += 4, from += 4) store<i32>(to, load<i32>(from));
  for (; to < end; to++, from++) store<u8>(to, load<u8>(from));
}
