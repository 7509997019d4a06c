// Kernels of 3 × 3 taps, transformed for Winograd's convolutions.
import { rangeStart, scratch } from './work';

/**
 * G g Gᵀ with rows g₀, (g₀ + g₁ + g₂) / 2, (g₀ − g₁ + g₂) / 2, g₂.
 * args: kernel [3, 3, channels, columns]; result, 16 matrices [channels, columns]; channels; columns; 1 for a kernel with its taps in
 * opposite order, and matrices [columns, channels]. Threads share the channels.
 */
export function winogradKernel(args: usize, thread: i32, threads: i32): void {
  const channels = load<i32>(args, 8);
  const columns = load<i32>(args, 12);
  const bytes = <usize>columns << 2;
  const tapStep = bytes * channels;
  const isReversed = load<i32>(args, 16) != 0;
  const line = scratch(thread);
  const end = rangeStart(channels, 1, thread + 1, threads);
  for (let channel = rangeStart(channels, 1, thread, threads); channel < end; channel++) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const from = load<usize>(args) + bytes * channel + at;
      for (let tap: usize = 0; tap < 3; tap++) expand(from + tapStep * tap, tapStep * 3, line + (tap << 4), 48);
      let to = load<usize>(args, 4) + (isReversed ? at * channels + (<usize>channel << 2) : bytes * channel + at);
      for (let i: usize = 0; i < 4; i++) {
        expand(line + 48 * (isReversed ? oppositeOf(i) : i), 16, line + 192, 16);
        for (let j: usize = 0; j < 4; j++) {
          const values = v128.load(line + 192 + ((isReversed ? oppositeOf(j) : j) << 4));
          if (isReversed) storeColumn(to, <usize>channels << 2, values);
          else v128.store(to, values);
          to += tapStep;
        }
      }
    }
  }
}

/** Which component of taps in opposite order is number `index`: only the first and the last tell the ends of a window apart. */
// @ts-ignore: decorator
@inline
function oppositeOf(index: usize): usize {
  return index == 0 ? 3 : index == 3 ? 0 : index;
}

/** Four values from three. */
// @ts-ignore: decorator
@inline
function expand(from: usize, step: usize, to: usize, toStep: usize): void {
  const first = v128.load(from);
  const middle = v128.load(from + step);
  const last = v128.load(from + (step << 1));
  const half = f32x4.splat(0.5);
  const ends = f32x4.add(first, last);
  v128.store(to, first);
  v128.store(to + toStep, f32x4.mul(f32x4.add(ends, middle), half));
  v128.store(to + toStep * 2, f32x4.mul(f32x4.sub(ends, middle), half));
  v128.store(to + toStep * 3, last);
}

// @ts-ignore: decorator
@inline
function storeColumn(to: usize, step: usize, values: v128): void {
  v128.store32_lane(to, values, 0);
  v128.store32_lane(to + step, values, 1);
  v128.store32_lane(to + step * 2, values, 2);
  v128.store32_lane(to + step * 3, values, 3);
}
