// Uniform random numbers: the Threefry-2×32 cipher with 20 rounds over the position in the stream, sixteen blocks at a time.
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011). The same bits as core's `fillUniform`.
import { rangeStart, scratch } from './work';

const parity: i32 = 0x1bd11bda;

/** Elements made together: sixteen blocks of two words. */
const together: i32 = 32;

/** args: seed, step (pointers to i32), to, count, hash of the path, call. Elements 2j and 2j + 1 are the words of block (j, 0). */
export function uniform(args: usize, thread: i32, threads: i32): void {
  const seed = load<i32>(load<usize>(args));
  const step = load<i32>(load<usize>(args, 4));
  const to = load<usize>(args, 8);
  const count = load<i32>(args, 12);
  const words = scratch(thread);
  encipher(seed, load<i32>(args, 16), load<i32>(args, 20), step, words);
  const key0 = load<i32>(words);
  const key1 = load<i32>(words, 4);
  const end = rangeStart(count, together, thread + 1, threads);
  let element = rangeStart(count, together, thread, threads);
  for (; element < end; element += together) {
    const rest = min(together, end - element);
    const target = to + (<usize>element << 2);
    if (rest == together) {
      encipher(key0, key1, element >> 1, 0, target);
      toUnit(target, target, together);
    } else {
      encipher(key0, key1, element >> 1, 0, words);
      toUnit(words, words, together);
      memory.copy(target, words, <usize>rest << 2);
    }
  }
}

/** The upper 24 bits of each word over 2²⁴. */
// @ts-ignore: decorator
@inline
function toUnit(from: usize, to: usize, count: usize): void {
  for (let at: usize = 0; at < count << 2; at += 16) {
    const bits = i32x4.shr_u(v128.load(from + at), 8);
    v128.store(to + at, f32x4.mul(f32x4.convert_i32x4_s(bits), f32x4.splat(<f32>5.9604644775390625e-8)));
  }
}

/**
 * Enciphers the blocks (block, counter), (block + 1, counter), … under (key0, key1): 32 words. Every round waits for the one before, so
 * four chains of four blocks run side by side.
 */
function encipher(key0: i32, key1: i32, block: i32, counter: i32, to: usize): void {
  let k0 = i32x4.splat(key0);
  let k1 = i32x4.splat(key1);
  let k2 = i32x4.splat(key0 ^ key1 ^ parity);
  let a = i32x4.add(i32x4.add(i32x4.splat(block), i32x4(0, 1, 2, 3)), k0);
  let c = i32x4.add(a, i32x4.splat(4));
  let e = i32x4.add(a, i32x4.splat(8));
  let g = i32x4.add(a, i32x4.splat(12));
  let b = i32x4.add(i32x4.splat(counter), k1);
  let d = b;
  let f = b;
  let h = b;
  for (let groups = 0; ; groups += 2) {
    let group = i32x4.splat(groups + 1);
    a = i32x4.add(a, b);
    c = i32x4.add(c, d);
    e = i32x4.add(e, f);
    g = i32x4.add(g, h);
    b = v128.xor(rotated(b, 13), a);
    d = v128.xor(rotated(d, 13), c);
    f = v128.xor(rotated(f, 13), e);
    h = v128.xor(rotated(h, 13), g);
    a = i32x4.add(a, b);
    c = i32x4.add(c, d);
    e = i32x4.add(e, f);
    g = i32x4.add(g, h);
    b = v128.xor(rotated(b, 15), a);
    d = v128.xor(rotated(d, 15), c);
    f = v128.xor(rotated(f, 15), e);
    h = v128.xor(rotated(h, 15), g);
    a = i32x4.add(a, b);
    c = i32x4.add(c, d);
    e = i32x4.add(e, f);
    g = i32x4.add(g, h);
    b = v128.xor(rotated(b, 26), a);
    d = v128.xor(rotated(d, 26), c);
    f = v128.xor(rotated(f, 26), e);
    h = v128.xor(rotated(h, 26), g);
    a = i32x4.add(a, b);
    c = i32x4.add(c, d);
    e = i32x4.add(e, f);
    g = i32x4.add(g, h);
    b = v128.xor(rotated(b, 6), a);
    d = v128.xor(rotated(d, 6), c);
    f = v128.xor(rotated(f, 6), e);
    h = v128.xor(rotated(h, 6), g);

    // After every four rounds the key is added, its words turned by one place, and the number of the group.
    let added = i32x4.add(k2, group);
    a = i32x4.add(a, k1);
    b = i32x4.add(b, added);
    c = i32x4.add(c, k1);
    d = i32x4.add(d, added);
    e = i32x4.add(e, k1);
    f = i32x4.add(f, added);
    g = i32x4.add(g, k1);
    h = i32x4.add(h, added);
    if (groups == 4) break;
    group = i32x4.splat(groups + 2);

    a = i32x4.add(a, b);
    c = i32x4.add(c, d);
    e = i32x4.add(e, f);
    g = i32x4.add(g, h);
    b = v128.xor(rotated(b, 17), a);
    d = v128.xor(rotated(d, 17), c);
    f = v128.xor(rotated(f, 17), e);
    h = v128.xor(rotated(h, 17), g);
    a = i32x4.add(a, b);
    c = i32x4.add(c, d);
    e = i32x4.add(e, f);
    g = i32x4.add(g, h);
    b = v128.xor(rotated(b, 29), a);
    d = v128.xor(rotated(d, 29), c);
    f = v128.xor(rotated(f, 29), e);
    h = v128.xor(rotated(h, 29), g);
    a = i32x4.add(a, b);
    c = i32x4.add(c, d);
    e = i32x4.add(e, f);
    g = i32x4.add(g, h);
    b = v128.xor(rotated(b, 16), a);
    d = v128.xor(rotated(d, 16), c);
    f = v128.xor(rotated(f, 16), e);
    h = v128.xor(rotated(h, 16), g);
    a = i32x4.add(a, b);
    c = i32x4.add(c, d);
    e = i32x4.add(e, f);
    g = i32x4.add(g, h);
    b = v128.xor(rotated(b, 24), a);
    d = v128.xor(rotated(d, 24), c);
    f = v128.xor(rotated(f, 24), e);
    h = v128.xor(rotated(h, 24), g);

    added = i32x4.add(k0, group);
    a = i32x4.add(a, k2);
    b = i32x4.add(b, added);
    c = i32x4.add(c, k2);
    d = i32x4.add(d, added);
    e = i32x4.add(e, k2);
    f = i32x4.add(f, added);
    g = i32x4.add(g, k2);
    h = i32x4.add(h, added);
    const first = k0;
    k0 = k2;
    k2 = k1;
    k1 = first;
  }
  storePairs(to, a, b);
  storePairs(to + 32, c, d);
  storePairs(to + 64, e, f);
  storePairs(to + 96, g, h);
}

// @ts-ignore: decorator
@inline
function rotated(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}

/** The two words of each block side by side. */
// @ts-ignore: decorator
@inline
function storePairs(to: usize, first: v128, second: v128): void {
  v128.store(to, v128.shuffle<i32>(first, second, 0, 4, 1, 5));
  v128.store(to, v128.shuffle<i32>(first, second, 2, 6, 3, 7), 16);
}
