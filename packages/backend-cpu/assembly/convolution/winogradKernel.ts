// Kernels of 3 × 3 taps, transformed for Winograd's convolutions.
import { components } from '../../src/wasm/kernels/winogradLayout';
import { packFourColumns } from '../product/productPack';
import { rangeStart, scratch } from '../work';

/** Channels that are transformed together, so that they can be transposed. */
const together: i32 = 4;

// Working memory: four rows of three values, and all components of four channels.
const tilesAt: usize = 256;

/**
 * G g Gᵀ with rows g₀, (g₀ + g₁ + g₂) / 2, (g₀ − g₁ + g₂) / 2, g₂.
 * args: kernel [3, 3, channels, columns]; result, 16 matrices [channels, columns]; channels; columns; 1 for a kernel with its taps in
 * opposite order, and matrices [columns, channels]. Threads share the channels; they and the columns are multiples of 4.
 */
export function winogradKernel(args: usize, thread: i32, threads: i32): void {
  const channels = load<i32>(args, 8);
  const bytes = load<usize>(args, 12) << 2;
  const tapStep = bytes * channels;
  const isReversed = load<i32>(args, 16) != 0;
  const tiles = scratch(thread) + tilesAt;
  const end = rangeStart(channels, together, thread + 1, threads);
  for (let channel = rangeStart(channels, together, thread, threads); channel < end; channel += together) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const from = load<usize>(args) + bytes * channel + at;
      for (let i = 0; i < together; i++) expandTaps(from + bytes * i, tapStep, tiles + (i << 4), scratch(thread));
      const to = load<usize>(args, 4);
      for (let component = 0; component < components; component++) {
        const matrix = to + tapStep * component;
        if (isReversed) {
          const tile = tiles + (oppositeOf(component >> 2) << 8) + (oppositeOf(component & 3) << 6);
          packFourColumns(tile, 16, 4, matrix + at * channels + (<usize>channel << 2), <usize>channels << 2);
        } else {
          const tile = tiles + (component << 6);
          for (let i = 0; i < together; i++) v128.store(matrix + bytes * (channel + i) + at, v128.load(tile + (i << 4)));
        }
      }
    }
  }
}

/** The components of four columns of a channel, 64 bytes apart. */
function expandTaps(from: usize, tapStep: usize, to: usize, lines: usize): void {
  for (let tap: usize = 0; tap < 3; tap++) expand(from + tapStep * tap, tapStep * 3, lines + (tap << 4), 48);
  for (let i: usize = 0; i < 4; i++) expand(lines + 48 * i, 16, to + (i << 8), 64);
}

/** Which component of taps in opposite order is number `index`: only the first and the last tell the ends of a window apart. */
// @ts-ignore: decorator
@inline
function oppositeOf(index: i32): i32 {
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
