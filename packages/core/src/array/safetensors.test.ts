// Round trips, the layout other readers rely on, and every way a file can be wrong.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../errors/errors.ts';
import { NdArray, identicalArrays, ndarray, zeros } from './ndarray.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';

/** A file with any header, padded to `length` bytes when that is given. */
function file(header: string | Uint8Array, body: number | Uint8Array = 0, length?: number): Uint8Array {
  const json = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bodyBytes = typeof body === 'number' ? new Uint8Array(body) : body;
  const bytes = new Uint8Array(8 + json.length + bodyBytes.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length ?? json.length), true);
  bytes.set(json, 8);
  bytes.set(bodyBytes, 8 + json.length);
  return bytes;
}

/** What became of a file; any error but a FormatError is thrown on. */
function outcomeOf(bytes: Uint8Array): 'read' | 'refused' {
  try {
    decodeSafetensors(bytes);
    return 'read';
  } catch (error) {
    if (error instanceof FormatError) return 'refused';
    throw error;
  }
}

const tensor = (fields: Record<string, unknown> = {}, name = 'w'): string =>
  JSON.stringify({ [name]: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...fields } });

const two = (second: string): string =>
  `{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":${second}}}`;

function headerOf(bytes: Uint8Array): string {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  return new TextDecoder().decode(bytes.subarray(8, 8 + length));
}

const sample = () => ({
  'block1/kernel': ndarray([
    [1, -0, Number.NaN],
    [4, Number.POSITIVE_INFINITY, 1e-45],
  ]),
  exact: new NdArray(Float64Array.of(Math.PI), [], 'f32'),
  labels: ndarray(Int32Array.of(3, -1)),
  pixels: ndarray(Uint8Array.of(0, 255, 7)),
  mask: ndarray([true, false, true]),
  nothing: zeros([0, 5]),
});

describe('a round trip', () => {
  it('keeps names, dtypes, shapes, storage and bits', () => {
    const tensors = sample();
    const decoded = decodeSafetensors(encodeSafetensors(tensors, { format: 'nn', note: 'α\n"β"' }));
    expect([...decoded.tensors.keys()].toSorted()).toEqual(Object.keys(tensors).toSorted());
    for (const [name, array] of Object.entries(tensors)) {
      expect(identicalArrays(decoded.tensors.get(name)!, array)).toBe(true);
      expect(decoded.tensors.get(name)!.data.constructor).toBe(array.data.constructor);
    }
    expect([...decoded.metadata]).toEqual([
      ['format', 'nn'],
      ['note', 'α\n"β"'],
    ]);
  });

  it('keeps any arrays under any names', () => {
    const name = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', 'constructor', '../x', '', '0', 'toString'));
    const array = fc.array(fc.float(), { maxLength: 20 }).map((values) => ndarray(Float32Array.from(values)));
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, array), { selector: ([key]) => key, maxLength: 8 }), (entries) => {
        const decoded = decodeSafetensors(encodeSafetensors(new Map(entries))).tensors;
        expect(decoded.size).toBe(entries.length);
        expect(entries.every(([key, value]) => identicalArrays(decoded.get(key)!, value))).toBe(true);
      }),
    );
  });

  it('reads from the middle of a Node Buffer and keeps nothing of it', () => {
    const bytes = encodeSafetensors(sample());
    const shifted = Buffer.concat([Buffer.of(1, 2, 3), bytes]).subarray(3);
    const { tensors } = decodeSafetensors(shifted);
    shifted.fill(0);
    expect(identicalArrays(tensors.get('block1/kernel')!, sample()['block1/kernel'])).toBe(true);
    expect(decodeSafetensors(bytes.buffer as ArrayBuffer).tensors.size).toBe(6);
  });
});

describe('encodeSafetensors', () => {
  it('writes wide elements first, then by name, and aligns each tensor to its elements', () => {
    const bytes = encodeSafetensors(sample());
    const header = headerOf(bytes);
    expect(header.length % 8).toBe(0);
    const names = ['exact', 'block1/kernel', 'labels', 'nothing', 'mask', 'pixels'];
    expect(Object.keys(JSON.parse(header) as object)).toEqual(names);
    expect(header.trimEnd().endsWith('"pixels":{"dtype":"U8","shape":[3],"data_offsets":[43,46]}}')).toBe(true);
  });

  it('gives the same bytes whatever the order of its input', () => {
    const entries = Object.entries(sample());
    expect(encodeSafetensors(new Map(entries.toReversed()))).toEqual(encodeSafetensors(new Map(entries)));
  });

  it('writes exactly the bytes of the format', () => {
    const json = '{"__metadata__":{"seed":"1"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} '.padEnd(88);
    expect(encodeSafetensors({ w: ndarray([1, -2]) }, { seed: '1' })).toEqual(file(json, new Uint8Array(Float32Array.of(1, -2).buffer)));
  });

  it('refuses names and metadata that no reader would take', () => {
    expect(() => encodeSafetensors({ __metadata__: zeros([1]) })).toThrow(FormatError);
    expect(() => encodeSafetensors({ 'a\ud800': zeros([1]) })).toThrow(/tensor name.*\\ud800/);
    expect(() => encodeSafetensors({}, { step: 3 } as never)).toThrow(/"step".*is 3/);
  });
});

describe('decodeSafetensors reads', () => {
  it.each([
    ['a header that leaves the body unaligned', file(tensor(), 8)],
    ['white space wherever JSON has it', file('{ "w" :\t{"dtype":"F32",\r\n"shape":[ 2 ],"data_offsets":[0 , 8]} }  \n', 8)],
    ['escapes in names', file(tensor().replace('"w"', '"\\u0077"'), 8)],
    ['fields of later versions', file(tensor({ more: [{ a: [1.5e3, null, true, 'x'] }, {}] }), 8)],
    [
      'tensors in any order',
      file('{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"a":{"dtype":"I32","shape":[],"data_offsets":[0,4]}}', 8),
    ],
    [
      'empty tensors between others',
      file('{"b":{"dtype":"U8","shape":[0,3],"data_offsets":[8,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 8),
    ],
  ])('%s', (_, bytes) => {
    expect(decodeSafetensors(bytes).tensors.has('w')).toBe(true);
  });

  it('a file without tensors', () => {
    expect(decodeSafetensors(file('{}')).tensors.size).toBe(0);
  });

  it('__proto__ as a name like any other', () => {
    const { tensors, metadata } = decodeSafetensors(
      file('{"__metadata__":{"__proto__":"x"},"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1),
    );
    expect([...tensors.keys()]).toEqual(['__proto__']);
    expect(metadata.get('__proto__')).toBe('x');
  });
});

describe('decodeSafetensors refuses', () => {
  it.each([
    ['an empty file', new Uint8Array(0), /0 bytes/],
    ['a length without a header', file('', 0, 16), /16 bytes, but only 0 follow/],
    ['a header of 2^64 - 1 bytes', file('{}', 0, undefined).fill(255, 0, 8), /may have 100000000 bytes/],
    ['a header above the limit of the format', file('{}', 0, 100_000_001), /may have 100000000 bytes/],
    ['no header', file(''), /first byte/],
    ['text that is no JSON', file('{not json'), /" is needed, but "n" is there/],
    ['an array', file('[1,2]'), /first byte/],
    ['white space first', file(` ${tensor()}`, 8), /first byte/],
    ['a byte order mark', file(`\ufeff${tensor()}`, 8), /first byte/],
    ['a header that stops', file('{"w":{"dtype":"F3'), /does not end/],
    ['more after the header', file(`${tensor()}{}`, 8), /more after the end/],
    ['bytes that are not UTF-8', file(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a)), /UTF-8/],
    ['half of a surrogate pair', file(tensor().replace('"w"', '"\\ud800"'), 8), /surrogate/],
    ['a control character in a name', file('{"a\nb":{}}'), /no JSON value/],
    ['a tensor name twice', file(tensor().replace('}}', `},${tensor().slice(1)}`), 8), /"w" is there twice/],
    ['a tensor name twice, once escaped', file(`{"\\u0077":{},${tensor().slice(1)}`, 8), /missing|twice/],
    ['a field twice', file(tensor().replace('"shape"', '"dtype":"F32","shape"'), 8), /"dtype" is there twice/],
    ['a missing dtype', file(tensor({ dtype: undefined }), 8), /"w" needs dtype, shape and data_offsets/],
    ['a missing shape', file(tensor({ shape: undefined }), 8), /one is missing/],
    ['missing offsets', file(tensor({ data_offsets: undefined }), 8), /one is missing/],
    ['a type nobody has', file(tensor({ dtype: 'F33' }), 8), /"w" has elements of type F33/],
    ['a type nn has not', file(tensor({ dtype: 'BF16', shape: [4] }), 8), /type BF16; nn has F32, F64/],
    ['a type that is no text', file(tensor({ dtype: 4 }), 8), /" is needed, but "4" is there/],
    ['a fractional extent', file(tensor({ shape: [1.5] }), 8), /"1.5" is there/],
    ['an extent written as a fraction', file(tensor().replace('[2]', '[2.0]'), 8), /"2.0" is there/],
    ['a negative extent', file(tensor({ shape: [-2] }), 8), /"-2" is there/],
    ['an extent with a leading zero', file(tensor().replace('[2]', '[02]'), 8), /no JSON value/],
    ['an extent beyond exact integers', file(tensor().replace('[2]', '[9007199254740993]'), 8), /2\^53 - 1/],
    ['an extent as text', file(tensor({ shape: ['2'] }), 8), /integer/],
    ['a shape that is a number', file(tensor({ shape: 2 }), 8), /\[ is needed/],
    [
      'a shape whose product would wrap to the right size',
      file(tensor({ shape: [2 ** 32, 2 ** 32 + 2, 2] }), 8),
      /"w".*extents are integers/,
    ],
    ['a shape of too many elements', file(tensor({ shape: [2 ** 20, 2 ** 20] }), 8), /"w".*at most 2147483647/],
    ['a shape of another size', file(tensor({ shape: [3] }), 8), /F32\[3\] takes 12 bytes, but its offsets \[0, 8\] hold 8/],
    ['offsets in the wrong order', file(tensor({ data_offsets: [8, 0] }), 8), /hold -8/],
    ['one offset', file(tensor({ data_offsets: [0] }), 8), /1 data_offsets instead of two/],
    ['three offsets', file(tensor({ data_offsets: [0, 8, 8] }), 8), /3 data_offsets/],
    ['offsets with a fraction', file(tensor({ data_offsets: [0, 8.5] }), 8), /"8.5" is there/],
    [
      'offsets beyond the file',
      file(tensor({ shape: [4], data_offsets: [0, 16] }), 8),
      /take 16 bytes, but 8 follow the header: it is cut off/,
    ],
    ['a body that is cut off', file(tensor(), 7), /cut off/],
    ['a byte too many', file(tensor(), 9), /something else in it/],
    ['a body without tensors', file('{}', 1), /something else in it/],
    ['tensors that overlap', file(two('[4,12]'), 12), /"b" starts at byte 4 and overlaps/],
    ['tensors on the same bytes', file(two('[0,8]'), 8), /"b" starts at byte 0 and overlaps/],
    ['a hole', file(two('[12,20]'), 20), /"b" starts at byte 12 and leaves a hole/],
    ['a first tensor that does not start at 0', file(tensor({ data_offsets: [4, 12] }), 12), /leaves a hole/],
    ['nested metadata', file('{"__metadata__":{"a":{"b":"c"}}}'), /" is needed, but "\{" is there/],
    ['metadata twice', file('{"__metadata__":{},"__metadata__":{}}'), /"__metadata__" is there twice/],
    ['a BOOL that is neither', file(tensor({ dtype: 'BOOL' }).replace('[0,8]', '[0,2]'), Uint8Array.of(1, 2)), /element 1 is 2/],
    ['arrays without end', file(`{"w":{"x":${'['.repeat(1_000_000)}`), /nested deeper/],
    ['a literal that is none', file('{"w":{"x":nul}}'), /no JSON value/],
  ])('%s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(FormatError);
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });

  it('or reads a damaged file, but throws nothing else', () => {
    const original = encodeSafetensors(sample(), { format: 'nn' });
    const damage = fc.record({
      flips: fc.array(fc.tuple(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 })), { maxLength: 4 }),
      length: fc.oneof(fc.constant(original.length), fc.nat(original.length)),
    });
    const outcomes: string[] = [];
    fc.assert(
      fc.property(damage, ({ flips, length }) => {
        const bytes = original.slice(0, length);
        for (const [at, mask] of flips) if (at < length) bytes[at]! ^= mask;
        outcomes.push(outcomeOf(bytes));
      }),
      { numRuns: 2000 },
    );
    expect(new Set(outcomes)).toEqual(new Set(['read', 'refused']));
  });
});
