// Ranges of numbers, taken and given back: addresses of a memory, places in a table. First fit, with neighbouring free ranges joined.

interface Range {
  start: number;
  end: number;
}

export class FreeList {
  readonly #reserve: (end: number) => void;
  /** Free ranges in order, the last one without end: it is reserved as it is used. */
  readonly #free: Range[];
  readonly #taken = new Map<number, Range>();

  /** @param reserve makes all numbers from `start` to `end` usable, or throws when that cannot be */
  constructor(start: number, reserve: (end: number) => void) {
    this.#reserve = reserve;
    this.#free = [{ start, end: Infinity }];
  }

  /** The first of `length` neighbours that nobody else has. @throws what `reserve` throws */
  take(length: number): number {
    const index = this.#free.findIndex(({ start, end }) => end - start >= length);
    const range = this.#free[index]!;
    const { start } = range;
    const end = start + length;
    if (range.end === Infinity) this.#reserve(end);
    if (range.end === end) this.#free.splice(index, 1);
    else range.start = end;
    this.#taken.set(start, { start, end });
    return start;
  }

  /** Gives back the range that `take` returned. */
  give(start: number): void {
    const range = this.#taken.get(start);
    if (range === undefined) throw new Error(`${start} was not taken.`);
    this.#taken.delete(start);
    const after = this.#free.findIndex((free) => free.start > start);
    this.#free.splice(after, 0, range);
    this.#join(after);
    this.#join(after - 1);
  }

  /** Free range number `index` and the next one become one if they touch. */
  #join(index: number): void {
    const [range, next] = [this.#free[index], this.#free[index + 1]];
    if (range === undefined || next === undefined || range.end !== next.start) return;
    range.end = next.end;
    this.#free.splice(index + 1, 1);
  }
}
