// IDX data that is compressed or arrives in pieces. What a header announces bounds what is read, so a gzip bomb stays small.
import type { NdArray } from '@nn/core';
import { FormatError, isNnError } from '@nn/core';
import type { IdxHeader, IdxOptions } from './parse.ts';
import { lengthError, parseIdx, parseIdxHeader } from './parse.ts';

type Chunk = Uint8Array<ArrayBuffer>;

const pieceBytes = 2 ** 16;

/**
 * An array from IDX data, plain or compressed with gzip (told apart by the first bytes, whatever the name of the file).
 *
 * @param source the bytes, or a stream of them such as the body of a response
 * @throws FormatError for damaged or incomplete gzip data, and as {@link parseIdx}; what `source` throws while it is read.
 */
export async function readIdx(source: Uint8Array | ReadableStream<Uint8Array<ArrayBuffer>>, options: IdxOptions = {}): Promise<NdArray> {
  if (source instanceof Uint8Array && !isGzip(source)) return parseIdx(source, options);
  const chunks = source instanceof Uint8Array ? pieces(source) : chunksOf(source);
  return parseIdx(await collect(decompressed(chunks, options), options), options);
}

/** All bytes of one IDX file; stops with an error as soon as there are more than its header announces. */
async function collect(chunks: AsyncIterable<Uint8Array>, options: IdxOptions): Promise<Uint8Array> {
  let buffer = new Uint8Array(pieceBytes);
  let length = 0;
  let header: IdxHeader | undefined;
  for await (const chunk of chunks) {
    const needed = length + chunk.length;
    if (header !== undefined && needed > header.fileBytes) throw lengthError(options.name ?? 'IDX data', header, needed);
    if (needed > buffer.length) {
      const larger = new Uint8Array(Math.max(needed, Math.min(2 * buffer.length, header?.fileBytes ?? needed)));
      larger.set(buffer.subarray(0, length));
      buffer = larger;
    }
    buffer.set(chunk, length);
    length = needed;
    header ??= parseIdxHeader(buffer.subarray(0, length), options);
  }
  return buffer.subarray(0, length);
}

/** The chunks, through gunzip if they begin as gzip data does. */
async function* decompressed(chunks: AsyncIterable<Chunk>, options: IdxOptions): AsyncGenerator<Chunk, void, undefined> {
  const source = chunks[Symbol.asyncIterator]();
  const beginning: Chunk[] = [];
  try {
    let start = new Uint8Array(0);
    while (start.length < 2) {
      const next = await source.next();
      if (next.done === true) break;
      beginning.push(next.value);
      start = Uint8Array.of(...start, ...next.value.subarray(0, 2));
    }
    const whole = resumed(beginning, source);
    yield* isGzip(start) ? gunzip(whole, options) : whole;
  } finally {
    await source.return?.();
  }
}

async function* resumed(beginning: readonly Chunk[], rest: AsyncIterator<Chunk>): AsyncGenerator<Chunk, void, undefined> {
  yield* beginning;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* gunzip(chunks: AsyncIterator<Chunk>, options: IdxOptions): AsyncGenerator<Chunk, void, undefined> {
  // An error of the source loses its identity on the way through the decompressor.
  let sourceError: unknown;
  const compressed = new ReadableStream<Chunk>({
    async pull(controller) {
      try {
        const next = await chunks.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      } catch (error) {
        sourceError = error;
        throw error;
      }
    },
  });
  try {
    yield* chunksOf(compressed.pipeThrough(new DecompressionStream('gzip')));
  } catch (error) {
    if (sourceError !== undefined) throw sourceError;
    if (isNnError(error)) throw error;
    throw new FormatError(`${options.name ?? 'IDX data'}: the gzip data is damaged or cut off.`, 'format.invalid', { cause: error });
  }
}

/** The chunks of a stream; the stream is cancelled when they are not read to the end. */
async function* chunksOf(stream: ReadableStream<Chunk>): AsyncGenerator<Chunk, void, undefined> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Chunk, void, undefined> {
  for (let begin = 0; begin < bytes.length; begin += pieceBytes) yield new Uint8Array(bytes.subarray(begin, begin + pieceBytes));
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
