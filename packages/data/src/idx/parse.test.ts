// Well-formed IDX files give their numbers; anything else gives a typed error before memory is taken.
import { ConfigError, DTypeError, FormatError, isNnError, ndarray } from '@nn/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idxFile, integer32, unsignedByte } from '../testing/idx-file.ts';
import { parseIdx } from './parse.ts';

const images = idxFile(
  unsignedByte,
  [2, 3, 2],
  Uint8Array.from({ length: 12 }, (_, i) => i),
);

function elementsOf(bytes: Uint8Array): number | 'typed error' {
  try {
    return parseIdx(bytes).size;
  } catch (error) {
    if (isNnError(error)) return 'typed error';
    throw error;
  }
}

describe('parseIdx', () => {
  it('reads bytes without copying them', () => {
    const array = parseIdx(images);
    expect(array).toEqual(
      ndarray(
        Uint8Array.from({ length: 12 }, (_, i) => i),
        { shape: [2, 3, 2] },
      ),
    );
    expect(array.data.buffer).toBe(images.buffer);
  });

  it('reads big-endian 32-bit integers, wherever in a buffer they stand', () => {
    const file = idxFile(integer32, [3], [0, 0, 1, 2, 255, 255, 255, 254, 128, 0, 0, 0]);
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    for (const bytes of [file, shifted.subarray(1)]) expect(parseIdx(bytes)).toEqual(ndarray(Int32Array.of(258, -2, -(2 ** 31))));
  });

  it('gives a plain byte array for a Buffer, whose slice would be a view', () => {
    const array = parseIdx(Buffer.from(images));
    expect(array.data.constructor).toBe(Uint8Array);
    array.clone().data.fill(9);
    expect(array.data[0]).toBe(0);
  });

  it('reads a file without rows', () => {
    expect(parseIdx(idxFile(unsignedByte, [0, 28, 28], [])).shape).toEqual([0, 28, 28]);
  });

  it.each([0, 1, 3, 4, 10, 15, 16, 27])('refuses a file cut off after %i bytes', (length) => {
    expect(() => parseIdx(images.subarray(0, length), { name: 'train-images' })).toThrow(FormatError);
    expect(() => parseIdx(images.subarray(0, length), { name: 'train-images' })).toThrow(`ends after ${length}`);
  });

  it('refuses a file that is longer than it says', () => {
    expect(() => parseIdx(Uint8Array.of(...images, 0))).toThrow('IDX data should have 28 bytes by its header (u8[2, 3, 2]), but has more.');
  });

  it.each([
    [0x09, DTypeError, 'signed byte'],
    [0x0b, DTypeError, '16-bit integer'],
    [0x0d, DTypeError, '32-bit float'],
    [0x0e, DTypeError, '64-bit float'],
    [0x07, FormatError, 'type 0x07, which IDX does not have'],
  ])('refuses element type %i', (type, error, message) => {
    expect(() => parseIdx(idxFile(type, [1], [0, 0, 0, 0, 0, 0, 0, 0]))).toThrow(error);
    expect(() => parseIdx(idxFile(type, [1], [0, 0, 0, 0, 0, 0, 0, 0]))).toThrow(message);
  });

  it.each([
    ['the product is 2^32', [65_536, 65_536]],
    ['the product is 2^96', [2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1]],
    ['the product wraps around to the length', [2 ** 31, 2, 2 ** 31]],
    ['one extent is 0 and another too large', [0, 2 ** 32 - 1]],
  ])('refuses extents of which %s', (_, extents) => {
    expect(() => parseIdx(idxFile(unsignedByte, extents, []))).toThrow(`announces the shape [${extents.join(', ')}]`);
  });

  it.each([0, 9, 255])('refuses %i axes', (rank) => {
    expect(() => parseIdx(idxFile(unsignedByte, new Array<number>(rank).fill(1), [0]))).toThrow(`has ${rank} axes`);
  });

  it('reads no more elements than allowed', () => {
    expect(parseIdx(images, { maxElements: 12 }).size).toBe(12);
    expect(() => parseIdx(images, { maxElements: 11 })).toThrow('more than the 11 elements');
    expect(() => parseIdx(images, { maxElements: Number.NaN })).toThrow(ConfigError);
  });

  it('says what else a file may be', () => {
    expect(() => parseIdx(new TextEncoder().encode('<!doctype html>'))).toThrow('a web page?');
    expect(() => parseIdx(Uint8Array.of(0x1f, 0x8b, 8, 0))).toThrow('readIdx takes it');
  });

  it('gives a typed error or a valid array for any bytes', () => {
    const header = fc
      .tuple(fc.constant(0), fc.constant(0), fc.constantFrom(8, 9, 11, 12, 13, 14, 0), fc.nat(9))
      .map((bytes) => Uint8Array.from(bytes));
    const file = fc.tuple(header, fc.uint8Array({ maxLength: 60 })).map(([start, rest]) => Uint8Array.of(...start, ...rest));
    fc.assert(
      fc.property(fc.oneof(file, fc.uint8Array()), (bytes) => {
        const elements = elementsOf(bytes);
        expect(elements === 'typed error' || elements <= bytes.length).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives a typed error or a valid array when bytes of a good file change', () => {
    fc.assert(
      fc.property(fc.nat(images.length - 1), fc.nat(255), fc.nat(images.length), (at, byte, length) => {
        const changed = images.slice(0, length);
        if (at < length) changed[at] = byte;
        const elements = elementsOf(changed);
        expect(elements === 'typed error' || elements <= changed.length).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
