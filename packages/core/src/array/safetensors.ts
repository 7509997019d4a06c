// The safetensors file format: named arrays as a JSON header and raw little-endian elements. Reading trusts nothing:
// every size is checked against the bytes that are there before anything is allocated.
import { FormatError, isNnError } from '../errors/errors.ts';
import { valueText } from '../errors/options.ts';
import type { DType, TypedArray } from './dtype.ts';
import { dtypes } from './dtype.ts';
import { JsonReader } from './jsonReader.ts';
import { NdArray } from './ndarray.ts';
import type { Shape } from './shape.ts';
import { shapeText, sizeOf } from './shape.ts';

/** What a safetensors file holds, in the order of its header. */
export interface SafetensorsContent {
  readonly tensors: Map<string, NdArray>;
  readonly metadata: Map<string, string>;
}

/** Values by name. A Map is safe for every name; a record is for names that are written down. */
type Named<T> = ReadonlyMap<string, T> | Readonly<Record<string, T>>;

interface TensorEntry {
  readonly name: string;
  readonly element: ElementFormat;
  readonly shape: Shape;
  readonly begin: number;
  readonly end: number;
}

interface ElementFormat {
  /** Its name in the file. */
  readonly code: string;
  readonly dtype: DType;
  readonly storage: Storage;
  readonly bytes: number;
}

type Storage = { new (buffer: ArrayBuffer): TypedArray; readonly BYTES_PER_ELEMENT: number };

/** Every dtype's names in the file, one for each kind of array that may hold it. */
const codes: Record<DType, Readonly<Record<string, Storage>>> = {
  f32: { F32: Float32Array, F64: Float64Array },
  i32: { I32: Int32Array },
  u8: { U8: Uint8Array },
  bool: { BOOL: Uint8Array },
};

const elementFormats: readonly ElementFormat[] = dtypes.flatMap((dtype) =>
  Object.entries(codes[dtype]).map(([code, storage]) => ({ code, dtype, storage, bytes: storage.BYTES_PER_ELEMENT })),
);

const lengthBytes = 8;
const alignment = 8;
const longestHeader = 100_000_000;
const metadataKey = '__metadata__';

/**
 * Arrays as the bytes of a safetensors file. The same arrays give the same bytes: tensors lie in order of element size, then name,
 * so that each is aligned to its elements. An f32 array held in a Float64Array is written as F64.
 *
 * @throws FormatError for a name that the format cannot hold (`__metadata__`, half of a surrogate pair) or metadata that is no text
 */
export function encodeSafetensors(tensors: Named<NdArray>, metadata: Named<string> = {}): Uint8Array {
  const arrays = entriesOf(tensors)
    .map(([name, array]) => ({ name: checkedText(name, 'A tensor name'), array, element: formatOf(array) }))
    .toSorted((a, b) => b.element.bytes - a.element.bytes || (a.name < b.name ? -1 : 1));
  const notes = entriesOf(metadata).map(([key, value]): [string, string] => [
    checkedText(key, 'A metadata key'),
    checkedText(value, `Metadata ${JSON.stringify(key)}`),
  ]);

  const header: [string, string][] =
    notes.length === 0 ? [] : [[metadataKey, jsonObject(notes.map(([key, value]) => [key, JSON.stringify(value)]))]];
  let bodyLength = 0;
  for (const { name, array, element } of arrays) {
    if (name === metadataKey)
      throw new FormatError(`A tensor cannot be named ${metadataKey}: safetensors files keep their notes under it.`);
    const begin = bodyLength;
    bodyLength += array.size * element.bytes;
    header.push([name, JSON.stringify({ dtype: element.code, shape: array.shape, data_offsets: [begin, bodyLength] })]);
  }
  const json = new TextEncoder().encode(jsonObject(header));
  const headerLength = Math.ceil(json.length / alignment) * alignment;
  if (headerLength > longestHeader) throw headerTooLong(headerLength);

  const bytes = new Uint8Array(lengthBytes + headerLength + bodyLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, lengthBytes + json.length, lengthBytes + headerLength);
  bytes.set(json, lengthBytes);
  let at = lengthBytes + headerLength;
  for (const { array } of arrays) {
    bytes.set(new Uint8Array(array.data.buffer, array.data.byteOffset, array.data.byteLength), at);
    at += array.data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file. The arrays are copies, whatever the alignment of `file`; F64 stays in Float64Arrays.
 *
 * @throws FormatError saying what is wrong: a header that is too long, cut off or no JSON object of tensors, a key that is there twice,
 * an element type that nn has not, offsets that overlap, leave a hole or do not end with the file, a shape of another size
 */
export function decodeSafetensors(file: Uint8Array | ArrayBuffer): SafetensorsContent {
  const bytes = file instanceof ArrayBuffer ? new Uint8Array(file) : file;
  if (!(bytes instanceof Uint8Array))
    throw new FormatError(`A safetensors file comes as a Uint8Array or an ArrayBuffer, not ${valueText(bytes)}.`);
  const bodyStart = lengthBytes + headerLengthOf(bytes);
  const { entries, metadata } = parseHeader(bytes.subarray(lengthBytes, bodyStart));
  checkLayout(entries, bytes.length - bodyStart);
  const tensors = new Map(
    entries.map((entry) => [entry.name, readTensor(entry, bytes.subarray(bodyStart + entry.begin, bodyStart + entry.end))]),
  );
  return { tensors, metadata };
}

function headerLengthOf(bytes: Uint8Array): number {
  if (bytes.length < lengthBytes) {
    throw new FormatError(
      `A safetensors file starts with the length of its header in ${lengthBytes} bytes; this one has ${bytes.length} bytes.`,
    );
  }
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getBigUint64(0, true));
  if (length > longestHeader) throw headerTooLong(length);
  if (length > bytes.length - lengthBytes) {
    throw new FormatError(
      `The safetensors header should have ${length} bytes, but only ${bytes.length - lengthBytes} follow: the file is cut off, or another format.`,
    );
  }
  return length;
}

function parseHeader(bytes: Uint8Array): { entries: TensorEntry[]; metadata: Map<string, string> } {
  const reader = new JsonReader(bytes, 'The safetensors header');
  const entries: TensorEntry[] = [];
  const metadata = new Map<string, string>();
  if (bytes[0] !== 0x7b) throw reader.error('its first byte is not {');
  reader.object((name) => {
    if (name === metadataKey) reader.object((key) => metadata.set(key, reader.string()));
    else entries.push(parseEntry(reader, name));
  });
  reader.end();
  return { entries, metadata };
}

function parseEntry(reader: JsonReader, name: string): TensorEntry {
  let code: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  const integers = (): number[] => {
    const list: number[] = [];
    reader.array(() => list.push(reader.integer()));
    return list;
  };
  reader.object((key) => {
    if (key === 'dtype') code = reader.string();
    else if (key === 'shape') shape = integers();
    else if (key === 'data_offsets') offsets = integers();
    else reader.skip();
  });
  if (code === undefined || shape === undefined || offsets === undefined) {
    throw reader.error(`${tensorText(name)} needs dtype, shape and data_offsets, and one is missing`);
  }
  const element = elementFormats.find((format) => format.code === code);
  if (element === undefined) {
    throw reader.error(
      `${tensorText(name)} has elements of type ${code}; nn has ${elementFormats.map((format) => format.code).join(', ')}`,
    );
  }
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length > 2) {
    throw reader.error(`${tensorText(name)} has ${offsets.length} data_offsets instead of two`);
  }
  return { name, element, shape, begin, end };
}

/** Tensors must lie one after the other, from the first byte of the body to its last, each as long as its shape says. */
function checkLayout(entries: readonly TensorEntry[], bodyLength: number): void {
  let covered = 0;
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    const { name, element, shape, begin, end } = entry;
    const needed = sizeOfTensor(entry) * element.bytes;
    if (end - begin !== needed) {
      throw new FormatError(
        `${tensorText(name)} of ${element.code}${shapeText(shape)} takes ${needed} bytes, but its offsets [${begin}, ${end}] hold ${end - begin}.`,
      );
    }
    if (begin !== covered) {
      const defect = begin < covered ? 'overlaps the tensor before it, which ends' : 'leaves a hole after what came before it, which ends';
      throw new FormatError(`${tensorText(name)} starts at byte ${begin} and ${defect} at byte ${covered}.`);
    }
    covered = end;
  }
  if (covered !== bodyLength) {
    const defect = covered < bodyLength ? 'there is something else in it' : 'it is cut off';
    throw new FormatError(`The tensors of this safetensors file take ${covered} bytes, but ${bodyLength} follow the header: ${defect}.`);
  }
}

function sizeOfTensor({ name, shape }: TensorEntry): number {
  try {
    return sizeOf(shape);
  } catch (cause) {
    throw new FormatError(`${tensorText(name)}: ${isNnError(cause) ? cause.message : String(cause)}`, 'format.invalid', { cause });
  }
}

function readTensor({ name, element, shape }: TensorEntry, bytes: Uint8Array): NdArray {
  if (element.dtype === 'bool') {
    const index = bytes.findIndex((byte) => byte > 1);
    if (index >= 0) throw new FormatError(`${tensorText(name)} is BOOL, but its element ${index} is ${bytes[index]}; only 0 and 1 are.`);
  }
  // Copied into a buffer of its own: the file's bytes need not be aligned, and a Node Buffer's slice() would not copy.
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return new NdArray(new element.storage(copy.buffer), shape, element.dtype);
}

function formatOf(array: NdArray): ElementFormat {
  return elementFormats.find(({ dtype, storage }) => dtype === array.dtype && array.data instanceof storage)!;
}

function entriesOf<T>(named: Named<T>): [string, T][] {
  if (typeof named !== 'object' || named === null) throw new FormatError(`Arrays and notes come by name, not as ${valueText(named)}.`);
  return named instanceof Map ? [...named] : Object.entries(named as Readonly<Record<string, T>>);
}

function jsonObject(members: readonly (readonly [key: string, json: string])[]): string {
  return `{${members.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`;
}

function checkedText(text: unknown, what: string): string {
  if (typeof text !== 'string' || /\p{Surrogate}/u.test(text)) {
    throw new FormatError(`${what} must be well-formed text for a safetensors file; it is ${JSON.stringify(text) ?? String(text)}.`);
  }
  return text;
}

function tensorText(name: string): string {
  return `Tensor ${JSON.stringify(name)}`;
}

function headerTooLong(length: number): FormatError {
  return new FormatError(`A safetensors header may have ${longestHeader} bytes; this one should have ${length}.`);
}
