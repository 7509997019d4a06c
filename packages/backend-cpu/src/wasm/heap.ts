// Which bytes of the memory are taken.
import { FreeList } from './freeList.ts';

/** Blocks begin and end at multiples of a cache line, so that threads do not share one and vectors may reach over an end. */
const line = 64;

/** From this size on blocks are longer by an odd number of lines: arrays at equal offsets of a page slow each other down. */
const staggeredFrom = 65536;
const staggerBytes = 17 * line;

/** What a block of so many bytes takes. */
export function blockBytes(bytes: number): number {
  return Math.max(line, roundUp(bytes)) + (bytes >= staggeredFrom ? staggerBytes : 0);
}

export interface HeapOptions {
  /** The first address. */
  readonly start: number;
  /** Bytes that may be taken together. */
  readonly limit: number;
  /** Makes all addresses below `end` usable. @throws RangeError when they cannot be */
  reserve(end: number): void;
}

export class Heap {
  readonly #blocks: FreeList;
  readonly #limit: number;
  readonly #sizes = new Map<number, number>();
  #held = 0;

  constructor({ start, limit, reserve }: HeapOptions) {
    this.#blocks = new FreeList(roundUp(start), reserve);
    this.#limit = limit;
  }

  /** Bytes that are taken. */
  get held(): number {
    return this.#held;
  }

  /** The address of `bytes` bytes of which nobody else has one; never 0. @throws RangeError when the memory is full */
  allocate(bytes: number): number {
    const taken = blockBytes(bytes);
    if (this.#held + taken > this.#limit) throw new RangeError(`${this.#held} of ${this.#limit} bytes are in use`);
    const pointer = this.#blocks.take(taken);
    this.#sizes.set(pointer, taken);
    this.#held += taken;
    return pointer;
  }

  /** Gives back what `allocate` returned. */
  free(pointer: number): void {
    this.#blocks.give(pointer);
    this.#held -= this.#sizes.get(pointer)!;
    this.#sizes.delete(pointer);
  }
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / line) * line;
}
