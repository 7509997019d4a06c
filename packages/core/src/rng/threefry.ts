// Counter-based random numbers: a stream is a key, its elements are the cipher's output over 0, 1, 2, …
// No state is kept, so any part of any stream can be made anywhere, in any order, with the same bits.
import { ConfigError } from '../errors/errors.ts';

/** Two unsigned 32-bit words that name a stream. */
export type Key = readonly [number, number];

const largestWord = 2 ** 32 - 1;
const parity = 0x1bd11bda;

/**
 * The Threefry-2×32 block cipher with 20 rounds: the two words of `counter` enciphered under `key`.
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
 */
export function threefry2x32(key: Key, counter: readonly [number, number]): [number, number] {
  const block = new Uint32Array(2);
  encipher(key, counter[0], counter[1], block, 0, 1);
  return [block[0]!, block[1]!];
}

/**
 * The stream for one use of random numbers: `path` says who asks, `call` which of its requests this is, `step` when.
 * Its key is the block (call, step) enciphered under (seed, hash of the path), so no stream depends on another one.
 *
 * @param seed 0 … 2³² − 1, see {@link checkSeed}
 * @param call, step unsigned 32-bit integers
 */
export function streamKey(seed: number, path: string, call: number, step: number): Key {
  return threefry2x32([seed, hashPath(path)], [call, step]);
}

/**
 * 32 bits that depend on every bit of `path`: FNV-1a over its UTF-8 bytes, then the finalizer of MurmurHash3, because
 * FNV alone leaves the high bits of short texts alike.
 */
export function hashPath(path: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(path)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Returns `seed`. @throws ConfigError unless it is an integer from 0 to 2³² − 1; 0 is a seed like any other. */
export function checkSeed(seed: number): number {
  if (!Number.isInteger(seed) || seed < 0 || seed > largestWord) {
    throw new ConfigError(`The seed is ${String(seed)}; a seed is an integer from 0 to ${largestWord}.`);
  }
  return seed;
}

/**
 * Fills `out` with elements `offset`, `offset + 1`, … of a stream, 32 random bits each.
 * Elements 2j and 2j + 1 are the words of the block (j, 0), so filling in pieces gives what filling at once gives.
 *
 * @throws ConfigError unless `offset` is a non-negative integer and the stream (2³³ elements) is long enough
 */
export function fillBits(key: Key, out: Uint32Array, offset = 0): void {
  if (!Number.isInteger(offset) || offset < 0 || offset + out.length > 2 * (largestWord + 1)) {
    throw new ConfigError(`A random stream has elements 0 to 2^33 - 1; ${out.length} from ${String(offset)} on were asked for.`);
  }
  const start = Math.min(offset % 2, out.length);
  const block = Math.floor(offset / 2) + start;
  const pairs = (out.length - start) >>> 1;
  if (start === 1) out[0] = threefry2x32(key, [block - 1, 0])[1];
  encipher(key, block, 0, out, start, pairs);
  const end = start + 2 * pairs;
  if (end < out.length) out[end] = threefry2x32(key, [block + pairs, 0])[0];
}

/**
 * Fills `out` with elements `offset`, `offset + 1`, … of a stream as uniform numbers in [0, 1): the upper 24 bits over 2²⁴,
 * which float32 holds exactly.
 *
 * @throws ConfigError as {@link fillBits}
 */
export function fillUniform(key: Key, out: Float32Array, offset = 0): void {
  // The bits are written into `out` itself and turned into numbers in place, without a buffer.
  const bits = new Uint32Array(out.buffer, out.byteOffset, out.length);
  fillBits(key, bits, offset);
  for (let index = 0; index < out.length; index++) out[index] = (bits[index]! >>> 8) * 2 ** -24;
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** Enciphers the blocks (low, high), (low + 1, high), … and writes two words each from `at` on. Written out: this is the hot loop. */
function encipher(key: Key, low: number, high: number, out: Uint32Array, at: number, blocks: number): void {
  const key0 = key[0] | 0;
  const key1 = key[1] | 0;
  const key2 = parity ^ key0 ^ key1;
  const first = (high + key1) | 0;
  let counter = (low + key0) | 0;
  for (let index = at, end = at + 2 * blocks; index < end; index += 2) {
    let x = counter;
    let y = first;
    counter = (counter + 1) | 0;

    x = (x + y) | 0;
    y = rotate(y, 13) ^ x;
    x = (x + y) | 0;
    y = rotate(y, 15) ^ x;
    x = (x + y) | 0;
    y = rotate(y, 26) ^ x;
    x = (x + y) | 0;
    y = rotate(y, 6) ^ x;
    x = (x + key1) | 0;
    y = (y + key2 + 1) | 0;

    x = (x + y) | 0;
    y = rotate(y, 17) ^ x;
    x = (x + y) | 0;
    y = rotate(y, 29) ^ x;
    x = (x + y) | 0;
    y = rotate(y, 16) ^ x;
    x = (x + y) | 0;
    y = rotate(y, 24) ^ x;
    x = (x + key2) | 0;
    y = (y + key0 + 2) | 0;

    x = (x + y) | 0;
    y = rotate(y, 13) ^ x;
    x = (x + y) | 0;
    y = rotate(y, 15) ^ x;
    x = (x + y) | 0;
    y = rotate(y, 26) ^ x;
    x = (x + y) | 0;
    y = rotate(y, 6) ^ x;
    x = (x + key0) | 0;
    y = (y + key1 + 3) | 0;

    x = (x + y) | 0;
    y = rotate(y, 17) ^ x;
    x = (x + y) | 0;
    y = rotate(y, 29) ^ x;
    x = (x + y) | 0;
    y = rotate(y, 16) ^ x;
    x = (x + y) | 0;
    y = rotate(y, 24) ^ x;
    x = (x + key1) | 0;
    y = (y + key2 + 4) | 0;

    x = (x + y) | 0;
    y = rotate(y, 13) ^ x;
    x = (x + y) | 0;
    y = rotate(y, 15) ^ x;
    x = (x + y) | 0;
    y = rotate(y, 26) ^ x;
    x = (x + y) | 0;
    y = rotate(y, 6) ^ x;
    out[index] = x + key2;
    out[index + 1] = y + key0 + 5;
  }
}
