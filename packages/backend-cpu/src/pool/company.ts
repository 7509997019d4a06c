// Whether to work with the other threads: where other programs keep them from their cores, everybody waits for them.

/** Runs that are done alone in a row, at most: then the others get another chance. */
const longestSolitude = 63;

export class Company {
  /** Runs to be done alone after one that showed that it is better so. */
  #solitude = 0;
  #left = 0;

  /** Whether the next run is done by all threads. */
  join(): boolean {
    if (this.#left === 0) return true;
    this.#left--;
    return false;
  }

  /**
   * Takes notice of a run by all `threads`, of whose time `taken` this thread has slept `waited`. When that was so long that it would have
   * been faster alone, it works alone for a while: longer each time, and shorter again when the others come in time.
   */
  note(waited: number, taken: number, threads: number): void {
    const wasLate = waited > taken * (1 - 1 / threads);
    this.#solitude = wasLate ? Math.min(longestSolitude, 2 * this.#solitude + 1) : this.#solitude >> 1;
    this.#left = this.#solitude;
  }
}
