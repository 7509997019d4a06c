// The IDX format of the MNIST files: two zero bytes, a type, the number of axes, their extents and the elements, all big-endian.
import type { DType } from '@nn/core';
import { checkInteger, DTypeError, FormatError, maxExtent, NdArray } from '@nn/core';

export interface IdxOptions {
  /** What the data is called in messages: a file name ("IDX data"). */
  readonly name?: string;
  /** The most elements that are read (2²⁸): a damaged or hostile header cannot ask for more memory. */
  readonly maxElements?: number;
}

/** What the first bytes of an IDX file say about the rest. */
export interface IdxHeader {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Bytes before the first element. */
  readonly headerBytes: number;
  /** Bytes of the whole file. */
  readonly fileBytes: number;
}

const defaultMaxElements = 2 ** 28;
const maxRank = 8;

interface ElementType {
  readonly name: string;
  readonly bytes: number;
  /** Absent where nn has no such dtype. */
  readonly dtype?: DType;
}

const elementTypes = new Map<number, ElementType>([
  [0x08, { name: 'unsigned byte', bytes: 1, dtype: 'u8' }],
  [0x09, { name: 'signed byte', bytes: 1 }],
  [0x0b, { name: '16-bit integer', bytes: 2 }],
  [0x0c, { name: '32-bit integer', bytes: 4, dtype: 'i32' }],
  [0x0d, { name: '32-bit float', bytes: 4 }],
  [0x0e, { name: '64-bit float', bytes: 8 }],
]);

/**
 * An array from the bytes of an IDX file. Elements of one byte are not copied.
 *
 * @returns u8 or i32
 * @throws FormatError for bytes that are no IDX file, or fewer or more than the header says; DTypeError for an element type other than
 * unsigned byte and 32-bit integer. Nothing is allocated before size and header agree.
 */
export function parseIdx(bytes: Uint8Array, options: IdxOptions = {}): NdArray {
  const { name = 'IDX data' } = options;
  const header = parseIdxHeader(bytes, options);
  if (header === undefined) throw new FormatError(`${name} ends after ${bytes.length} bytes, within the header.`);
  const { dtype, shape, headerBytes, fileBytes } = header;
  if (bytes.length !== fileBytes) throw lengthError(name, header, bytes.length);
  if (dtype === 'u8')
    return new NdArray(new Uint8Array(bytes.buffer, bytes.byteOffset + headerBytes, fileBytes - headerBytes), shape, dtype);
  const view = new DataView(bytes.buffer, bytes.byteOffset + headerBytes);
  const elements = Int32Array.from({ length: (fileBytes - headerBytes) / 4 }, (_, index) => view.getInt32(4 * index));
  return new NdArray(elements, shape, dtype);
}

/**
 * Reads the header from the first bytes of a file.
 * @returns undefined when more bytes are needed to tell
 * @throws FormatError, DTypeError as {@link parseIdx}
 */
export function parseIdxHeader(bytes: Uint8Array, options: IdxOptions = {}): IdxHeader | undefined {
  const { name = 'IDX data', maxElements = defaultMaxElements } = options;
  checkInteger(name, 'maxElements', maxElements, { from: 0 });
  if ((bytes[0] ?? 0) !== 0 || (bytes[1] ?? 0) !== 0)
    throw new FormatError(`${name} is no IDX file: it begins with ${firstBytes(bytes)}, not 00 00.`);
  if (bytes.length < 4) return undefined;
  const [, , typeCode, rank] = bytes as Uint8Array & [number, number, number, number];
  const type = elementTypes.get(typeCode);
  if (type === undefined) throw new FormatError(`${name} has the element type 0x${hex(typeCode)}, which IDX does not have.`);
  if (type.dtype === undefined) {
    throw new DTypeError(
      `${name} holds elements of type 0x${hex(typeCode)} (${type.name}); unsigned bytes (0x08) and 32-bit integers (0x0c) are read.`,
    );
  }
  if (rank < 1 || rank > maxRank) throw new FormatError(`${name} has ${rank} axes; 1 to ${maxRank} are read.`);
  const headerBytes = 4 + 4 * rank;
  if (bytes.length < headerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const limit = Math.min(maxElements, maxExtent);
  let elements = 1;
  for (const extent of shape) {
    elements *= extent;
    // Checked at every factor, so that no product grows past what a double holds exactly without being refused.
    if (extent > limit || elements > limit)
      throw new FormatError(`${name} announces the shape [${shape.join(', ')}], more than the ${limit} elements that are read.`);
  }
  return { dtype: type.dtype, shape, headerBytes, fileBytes: headerBytes + elements * type.bytes };
}

/** The error for a file of another length than its header says. */
export function lengthError(name: string, header: IdxHeader, bytes: number): FormatError {
  const { dtype, shape, fileBytes } = header;
  const are = bytes > fileBytes ? 'has more' : `ends after ${bytes}: it is cut off, as by an interrupted download`;
  return new FormatError(`${name} should have ${fileBytes} bytes by its header (${dtype}[${shape.join(', ')}]), but ${are}.`);
}

function firstBytes(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, 4), hex).join(' ');
  if (bytes[0] === 0x3c) return `${shown} ("<": a web page?)`;
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? `${shown} (gzip: readIdx takes it)` : shown;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
