// Whether to work with the other threads: where other programs keep them from their cores, everybody waits for them.

/** Mean times of so many milliseconds of runs are compared: longer than the slices of time that systems give to programs in turn. */
const windowMilliseconds = 24;
/** With the others, runs may take so many times what they usually do until it is tried whether they are faster alone. */
const suspiciousDelay = 1.25;
/** A trial is over after so few runs where they take so many times what they took with the others. */
const fewRuns = 3;
const clearDelay = 1.3;
/** Until a window takes more than this part of the one before, engines are still optimizing the kernels: comparisons would be unfair. */
const settled = 0.9;
/** By how much more, window by window, what is usual may become: machines slow down. */
const forgetting = 1.02;
/** Windows to be spent alone in a row, at most: then the others get another chance. */
const longestSolitude = 16;
/** Suspicious windows in a row that are put up with, at most, where runs were slower alone. */
const longestPatience = 64;

/** What is known of the runs of one program. */
class Experience {
  /** Whether the next run is done with the others. */
  isTogether = true;
  #milliseconds = 0;
  #runs = 0;
  /** The shortest mean time with the others, of late. Until it is known, the first window that is not much shorter than the last is suspicious. */
  #usual = 0;
  #last = Infinity;
  /** The mean time with the others that led to the present trial without them. */
  #before: number | undefined;
  /** The mean time without the others, when they have just been given another chance. */
  #alone: number | undefined;
  /** Windows to be spent alone when that is faster the next time, and those that are left. */
  #solitude = 1;
  #left = 0;
  /** Suspicious windows to be put up with when runs are slower alone the next time, and those that are left. */
  #patience = 1;
  #accepted = 0;

  note(taken: number): void {
    this.#milliseconds += taken;
    this.#runs++;
    const mean = this.#milliseconds / this.#runs;
    if (this.#milliseconds < windowMilliseconds && !this.#isClearlySlower(mean)) return;
    this.#milliseconds = 0;
    this.#runs = 0;
    if (this.isTogether) this.#judgeCompany(mean);
    else this.#judgeSolitude(mean);
  }

  /** Whether the present trial needs no whole window. */
  #isClearlySlower(mean: number): boolean {
    return this.#before !== undefined && this.#runs >= fewRuns && mean > clearDelay * this.#before;
  }

  #judgeCompany(mean: number): void {
    const alone = this.#alone;
    this.#alone = undefined;
    if (alone === undefined) {
      const isSettling = this.#usual === 0 && mean < settled * this.#last;
      this.#last = mean;
      if (isSettling) return;
      if (mean > suspiciousDelay * this.#usual && this.#accepted-- <= 0) {
        this.#before = mean;
        this.isTogether = false;
        return;
      }
    } else if (mean > alone) {
      this.#stayAlone();
      return;
    } else {
      this.#solitude = Math.max(1, this.#solitude >> 1);
    }
    this.#usual = this.#usual === 0 ? mean : Math.min(mean, this.#usual * forgetting);
  }

  #judgeSolitude(mean: number): void {
    const before = this.#before;
    this.#before = undefined;
    if (before === undefined) {
      if (--this.#left > 0) return;
      this.#alone = mean;
      this.isTogether = true;
    } else if (mean < before) {
      this.#patience = 1;
      this.#stayAlone();
    } else {
      this.#usual ||= before;
      this.#accepted = this.#patience;
      this.#patience = Math.min(longestPatience, 2 * this.#patience);
      this.isTogether = true;
    }
  }

  #stayAlone(): void {
    this.isTogether = false;
    this.#left = this.#solitude;
    this.#solitude = Math.min(longestSolitude, 2 * this.#solitude);
  }
}

/** What is known of each program. */
export class Company {
  readonly #programs = new WeakMap<object, Experience>();

  /** Whether the next run of a program is done by all threads. */
  join(program: object): boolean {
    return this.#of(program).isTogether;
  }

  /**
   * Takes notice of a run, which `join` has decided on: the program is tried alone at first and when it takes longer than usual, and where
   * that is faster, it stays so for a while, longer each time.
   * @param taken milliseconds
   */
  note(program: object, taken: number): void {
    this.#of(program).note(taken);
  }

  #of(program: object): Experience {
    let known = this.#programs.get(program);
    if (known === undefined) this.#programs.set(program, (known = new Experience()));
    return known;
  }
}
