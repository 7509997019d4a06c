// Buffers that carry large arrays to a worker and come back: a page that copies an array for each step would have the engine map new memory
// for each.

/** Bytes from which moving a buffer costs less than having the engine copy it. */
export const worthMoving = 16_384;

/** Buffers that wait take no more bytes than this together. */
const mostBytes = 2 ** 24;

export class SpareBuffers {
  #waiting: ArrayBuffer[] = [];

  /** Remembers a buffer, and forgets the oldest where they would be too many. */
  keep(buffer: ArrayBuffer): void {
    this.#waiting.push(buffer);
    let bytes = this.#waiting.reduce((sum, { byteLength }) => sum + byteLength, 0);
    while (bytes > mostBytes) bytes -= this.#waiting.shift()!.byteLength;
  }

  /** One of exactly that length; its content is anything. */
  take(byteLength: number): ArrayBuffer {
    const at = this.#waiting.findIndex((buffer) => buffer.byteLength === byteLength);
    return at < 0 ? new ArrayBuffer(byteLength) : this.#waiting.splice(at, 1)[0]!;
  }

  takeAll(): ArrayBuffer[] {
    return this.#waiting.splice(0);
  }
}
