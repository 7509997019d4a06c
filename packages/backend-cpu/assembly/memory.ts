// Whole runs of 32-bit words: fill and copy.
import { rangeStart } from './work';

/** Words a thread takes at a time. */
const grain: i32 = 1024;

/** args: to, words, value. */
export function fill(args: usize, thread: i32, threads: i32): void {
  const to = load<usize>(args);
  const words = load<i32>(args, 4);
  const value = load<i32>(args, 8);
  const end = to + (<usize>rangeStart(words, grain, thread + 1, threads) << 2);
  let at = to + (<usize>rangeStart(words, grain, thread, threads) << 2);
  const values = i32x4.splat(value);
  for (; at + 16 <= end; at += 16) v128.store(at, values);
  for (; at < end; at += 4) store<i32>(at, value);
}

/** args: from, to, words. The two do not overlap. */
export function copy(args: usize, thread: i32, threads: i32): void {
  const from = load<usize>(args);
  const to = load<usize>(args, 4);
  const words = load<i32>(args, 8);
  const start = <usize>rangeStart(words, grain, thread, threads) << 2;
  const end = <usize>rangeStart(words, grain, thread + 1, threads) << 2;
  memory.copy(to + start, from + start, end - start);
}
