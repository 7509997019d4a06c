// IDX data through gzip and in pieces, and the collection of malformed files with the verdict each must get.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { NdArray } from '@nn/core';
import { FormatError, identicalArrays, ndarray, NnError } from '@nn/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectImages, labelsOf } from '../mnist/load.ts';
import { idxFile, unsignedByte } from '../testing/idx-file.ts';
import { parseIdx } from './parse.ts';
import { readIdx } from './read.ts';

const body = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) % 251);
const file = idxFile(unsignedByte, [300, 1000], body);
const gzipped = new Uint8Array(gzipSync(file));
const classes = 10;
const twoImages = ndarray(
  Uint8Array.from({ length: 12 }, (_, i) => i),
  { shape: [2, 3, 2] },
);

async function outcome(read: () => Promise<NdArray>): Promise<NdArray | NnError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof NnError) return error;
    throw error;
  }
}

function streamOf(bytes: Uint8Array, pieceBytes: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let begin = 0;
  return new ReadableStream({
    pull(controller) {
      if (begin >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(begin, begin + pieceBytes));
      begin += pieceBytes;
    },
  });
}

describe('readIdx', () => {
  it.each([
    ['plain bytes', file],
    ['gzip', gzipped],
  ])('reads %s, whole or in pieces of any size', async (_, bytes) => {
    const sources = [bytes, ...[1000, 65_536, 1e6].map((pieceBytes) => streamOf(bytes, pieceBytes))];
    for (const source of sources) expect(identicalArrays(await readIdx(source), parseIdx(file))).toBe(true);
    const small = idxFile(unsignedByte, [3], [1, 2, 3]);
    expect(await readIdx(streamOf(small, 1))).toEqual(parseIdx(small));
    expect(await readIdx(streamOf(gzipSync(small), 1))).toEqual(parseIdx(small));
  });

  it.each([1, 2, 5, 20, 1000, gzipped.length - 9, gzipped.length - 1])('refuses gzip data cut off after %i bytes', async (length) => {
    await expect(readIdx(gzipped.subarray(0, length), { name: 'labels.gz' })).rejects.toThrow(FormatError);
    await expect(readIdx(streamOf(gzipped.subarray(0, length), 100), { name: 'labels.gz' })).rejects.toThrow('labels.gz');
  });

  it('refuses a wrong checksum and anything after the end', async () => {
    const wrong = gzipped.slice();
    wrong[wrong.length - 5]! ^= 1;
    await expect(readIdx(wrong)).rejects.toThrow('the gzip data is damaged');
    await expect(readIdx(Uint8Array.of(...gzipped, 1, 2, 3))).rejects.toThrow(FormatError);
  });

  it('stops unpacking where the header says the data ends', async () => {
    // The end is cut off: who unpacks all of it finds that, and not that there is too much.
    const bomb = gzipSync(Buffer.concat([idxFile(unsignedByte, [10], []), Buffer.alloc(2 ** 26)])).subarray(0, -100);
    await expect(readIdx(bomb)).rejects.toThrow('should have 18 bytes by its header (u8[10]), but has more');
    await expect(readIdx(streamOf(bomb, 1024))).rejects.toThrow('but has more');
    const asked = gzipSync(Buffer.concat([idxFile(unsignedByte, [2 ** 26], []), Buffer.alloc(2 ** 26)]));
    await expect(readIdx(asked, { maxElements: 2 ** 20 })).rejects.toThrow('more than the 1048576 elements');
  });

  it('passes on what the source throws, also through gzip', async () => {
    for (const bytes of [file, gzipped]) {
      const failing = new ReadableStream<Uint8Array<ArrayBuffer>>({
        start: (controller) => controller.enqueue(bytes.slice(0, 100)),
        pull: (controller) => controller.error(new RangeError('line is dead')),
      });
      await expect(readIdx(failing)).rejects.toThrow(RangeError);
    }
  });

  it('gives a typed error or the right array when a byte of gzip data changes', async () => {
    const plain = idxFile(unsignedByte, [4, 5], body.subarray(0, 20));
    const small = gzipSync(plain);
    const expected = parseIdx(plain);
    await fc.assert(
      fc.asyncProperty(fc.nat(small.length - 1), fc.nat(255), async (at, byte) => {
        const changed = Uint8Array.from(small);
        changed[at] = byte;
        const result = await outcome(() => readIdx(changed));
        expect(result instanceof NnError || identicalArrays(result, expected)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

interface IdxCase {
  readonly id: string;
  readonly kind: 'images' | 'labels';
  readonly base64: string;
  readonly expect: 'ok' | 'error' | 'ok-or-error';
  readonly note: string;
}

describe('malformed files', () => {
  const { cases } = JSON.parse(readFileSync(new URL('../testing/idx-cases.json', import.meta.url), 'utf8')) as { cases: IdxCase[] };

  it('are fourteen', () => expect(cases).toHaveLength(14));

  it.each(cases)('$id: $expect $note', async ({ id, kind, base64, expect: verdict }) => {
    const result = await outcome(async () => {
      const array = await readIdx(Buffer.from(base64, 'base64'), { name: id });
      return kind === 'images' ? expectImages(array, id) : labelsOf(array, id, classes);
    });
    // Every readable case holds the bytes 0 to 11 as two images of 3 × 2; half of them would be silently wrong.
    const read = result instanceof NnError ? 'error' : identicalArrays(result, twoImages) ? 'ok' : 'wrong';
    expect(verdict.split('-or-')).toContain(read);
  });
});
