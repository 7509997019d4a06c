// Uniform random numbers: the Threefry-2×32 cipher with 20 rounds over the position in the stream, eight blocks at a time.
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011). The same bits as core's `fillUniform`.
import { rangeStart, scratch } from './work';

const parity: i32 = 0x1bd11bda;

/** Elements made together: eight blocks of two words, which fill 64 bytes. */
const together: i32 = 16;

/** args: seed, step (pointers to i32), to, count, hash of the path, call. Elements 2j and 2j + 1 are the words of block (j, 0). */
export function uniform(args: usize, thread: i32, threads: i32): void {
  const seed = load<i32>(load<usize>(args));
  const step = load<i32>(load<usize>(args, 4));
  const to = load<usize>(args, 8);
  const count = load<i32>(args, 12);
  const key = scratch(thread);
  sixteen(seed, load<i32>(args, 16), load<i32>(args, 20), 0, step, key, false);
  const key0 = load<i32>(key);
  const key1 = load<i32>(key, 4);
  const end = rangeStart(count, together, thread + 1, threads);
  // The last sixteen may pass the end of the count, but not that of the buffer.
  for (let element = rangeStart(count, together, thread, threads); element < end; element += together) {
    sixteen(key0, key1, element >> 1, 1, 0, to + (<usize>element << 2), true);
  }
}

/**
 * Enciphers the blocks (block + i · blockStep, counter1), i = 0 … 7, under (key0, key1). Writes 16 words, or, if `unit`, the upper 24
 * bits of each over 2²⁴. Two chains of four blocks run side by side, because every round waits for the one before.
 */
function sixteen(key0: i32, key1: i32, block: i32, blockStep: i32, counter1: i32, to: usize, unit: bool): void {
  let k0 = i32x4.splat(key0);
  let k1 = i32x4.splat(key1);
  let k2 = i32x4.splat(key0 ^ key1 ^ parity);
  let a = i32x4.add(i32x4.add(i32x4.splat(block), i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(blockStep))), k0);
  let c = i32x4.add(a, i32x4.splat(4 * blockStep));
  let b = i32x4.add(i32x4.splat(counter1), k1);
  let d = b;
  let group = i32x4.splat(1);
  const one = group;
  for (let groups = 0; ; groups += 2) {
    a = i32x4.add(a, b);
    c = i32x4.add(c, d);
    b = v128.xor(rotated(b, 13), a);
    d = v128.xor(rotated(d, 13), c);
    a = i32x4.add(a, b);
    c = i32x4.add(c, d);
    b = v128.xor(rotated(b, 15), a);
    d = v128.xor(rotated(d, 15), c);
    a = i32x4.add(a, b);
    c = i32x4.add(c, d);
    b = v128.xor(rotated(b, 26), a);
    d = v128.xor(rotated(d, 26), c);
    a = i32x4.add(a, b);
    c = i32x4.add(c, d);
    b = v128.xor(rotated(b, 6), a);
    d = v128.xor(rotated(d, 6), c);

    // After every four rounds the key is added, its words turned by one place, and the number of the group.
    let added = i32x4.add(k2, group);
    a = i32x4.add(a, k1);
    c = i32x4.add(c, k1);
    b = i32x4.add(b, added);
    d = i32x4.add(d, added);
    if (groups == 4) break;
    group = i32x4.add(group, one);

    a = i32x4.add(a, b);
    c = i32x4.add(c, d);
    b = v128.xor(rotated(b, 17), a);
    d = v128.xor(rotated(d, 17), c);
    a = i32x4.add(a, b);
    c = i32x4.add(c, d);
    b = v128.xor(rotated(b, 29), a);
    d = v128.xor(rotated(d, 29), c);
    a = i32x4.add(a, b);
    c = i32x4.add(c, d);
    b = v128.xor(rotated(b, 16), a);
    d = v128.xor(rotated(d, 16), c);
    a = i32x4.add(a, b);
    c = i32x4.add(c, d);
    b = v128.xor(rotated(b, 24), a);
    d = v128.xor(rotated(d, 24), c);

    added = i32x4.add(k0, group);
    a = i32x4.add(a, k2);
    c = i32x4.add(c, k2);
    b = i32x4.add(b, added);
    d = i32x4.add(d, added);
    group = i32x4.add(group, one);
    const first = k0;
    k0 = k2;
    k2 = k1;
    k1 = first;
  }
  storeWords(to, v128.shuffle<i32>(a, b, 0, 4, 1, 5), unit);
  storeWords(to + 16, v128.shuffle<i32>(a, b, 2, 6, 3, 7), unit);
  storeWords(to + 32, v128.shuffle<i32>(c, d, 0, 4, 1, 5), unit);
  storeWords(to + 48, v128.shuffle<i32>(c, d, 2, 6, 3, 7), unit);
}

// @ts-ignore: decorator
@inline
function rotated(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}

// @ts-ignore: decorator
@inline
function storeWords(to: usize, words: v128, unit: bool): void {
  if (unit) v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(words, 8)), f32x4.splat(<f32>5.9604644775390625e-8)));
  else v128.store(to, words);
}
