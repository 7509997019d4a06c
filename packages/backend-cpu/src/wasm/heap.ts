// Which bytes of the memory are taken.
import { FreeList } from './freeList.ts';

/** Blocks begin and end at multiples of a cache line, so that threads do not share one and vectors may reach over an end. */
const line = 64;

/** From this size on blocks are longer by an odd number of lines: arrays at equal offsets of a page slow each other down. */
const staggeredFrom = 65536;
const staggerBytes = 17 * line;

/** Addresses from `start` on. */
export class Heap {
  readonly #blocks: FreeList;

  /** @param reserve makes all addresses below `end` usable. @throws RangeError when they cannot be */
  constructor(start: number, reserve: (end: number) => void) {
    this.#blocks = new FreeList(roundUp(start), reserve);
  }

  /** The address of `bytes` bytes of which nobody else has one; never 0. @throws RangeError when the memory is full */
  allocate(bytes: number): number {
    return this.#blocks.take(Math.max(line, roundUp(bytes)) + (bytes >= staggeredFrom ? staggerBytes : 0));
  }

  /** Gives back what `allocate` returned. */
  free(pointer: number): void {
    this.#blocks.give(pointer);
  }
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / line) * line;
}
