// How threads share work, and the working memory of each.
import { scratchBytes, scratchStart } from '../src/wasm/layout';

/**
 * Where the share of a thread begins; it ends where that of `thread + 1` begins.
 * @param grain parts begin at multiples of it: elements of a vector, rows of a tile
 */
// @ts-ignore: decorator
@inline
export function rangeStart(count: i32, grain: i32, thread: i32, threads: i32): i32 {
  const grains = (count + grain - 1) / grain;
  return min(count, <i32>((<i64>grains * thread) / threads) * grain);
}

/** Working memory of a thread: `scratchBytes`, valid until its kernel returns. */
// @ts-ignore: decorator
@inline
export function scratch(thread: i32): usize {
  return <usize>scratchStart + <usize>thread * <usize>scratchBytes;
}
