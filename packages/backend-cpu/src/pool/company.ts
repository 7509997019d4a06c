// Whether to work with the other threads: where other programs keep them from their cores, everybody waits for them.

/** Runs that are done alone in a row, at most: then the others get another chance. */
const longestSolitude = 63;
/** Long waits in a row that are not looked into, at most, where the others were faster all the same. */
const longestPatience = 1023;
/** What part of a run a thread may wait until it finds out whether it is faster alone. */
const suspiciousWait = 0.25;

interface Experience {
  /** Runs to be done alone after one that showed that it is better so, and how many of them are left. */
  solitude: number;
  left: number;
  /** Long waits to be put up with after one that was worth it, and how many of them are left. */
  patience: number;
  accepted: number;
  /** Whether the last run was done with the others: when they have been left alone, they sleep, and are late once. */
  isTogether: boolean;
  /** The time of a run with the others that is to be compared with the next one, which is done alone. */
  compared: number | undefined;
}

/** What is known of each program. */
export class Company {
  readonly #programs = new Map<number, Experience>();

  /** Whether the next run of a program is done by all threads. */
  join(program: number): boolean {
    return this.#of(program).left === 0;
  }

  /**
   * Takes notice of a run: after a long wait the program is tried alone, and when that is faster, it stays so for a while, longer each time.
   * @param waited how much of the time `taken` this thread has slept; undefined for a run without the others
   */
  note(program: number, taken: number, waited: number | undefined): void {
    const known = this.#of(program);
    const { isTogether } = known;
    known.isTogether = waited !== undefined;
    if (waited === undefined) {
      known.left--;
      if (known.compared === undefined) return;
      const isFaster = taken < known.compared;
      known.solitude = isFaster ? Math.min(longestSolitude, 2 * known.solitude + 1) : 0;
      known.left = known.solitude;
      known.patience = isFaster ? 0 : Math.min(longestPatience, 2 * known.patience + 1);
      known.accepted = known.patience;
      known.compared = undefined;
    } else if (waited > suspiciousWait * taken) {
      if (!isTogether || known.accepted-- > 0) return;
      known.compared = taken;
      known.left = 1;
    } else {
      known.solitude >>= 1;
      known.left = known.solitude;
    }
  }

  #of(program: number): Experience {
    let known = this.#programs.get(program);
    if (known === undefined)
      this.#programs.set(program, (known = { solitude: 0, left: 0, patience: 0, accepted: 0, isTogether: false, compared: undefined }));
    return known;
  }
}
