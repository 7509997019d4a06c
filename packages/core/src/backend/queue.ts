// The order of work on a device: what can start starts at once, what must wait keeps its place.

/** Runs that may be under way at the same time; the next one waits for the oldest. */
const runsInFlight = 2;

/** Hands work to a device in the order of the calls. On a device that computes before it returns nothing ever waits. */
export class WorkQueue {
  #tail: Promise<void> | undefined;
  readonly #inFlight = new Set<Promise<void>>();

  /** True when a run would start at once. */
  get idle(): boolean {
    return this.#tail === undefined && this.#inFlight.size < runsInFlight;
  }

  /** Calls `task` at once when nothing waits before it, else after that. An error of earlier work does not stop later work. */
  order<T>(task: () => T | Promise<T>): T | Promise<T> {
    const result = this.#tail === undefined ? task() : this.#tail.then(task);
    if (result instanceof Promise) this.#follow(result);
    return result;
  }

  /** As {@link order}, for a run: it starts when fewer than two others are unfinished, and counts until `finished` resolves. */
  run<T extends { readonly finished?: Promise<void> }>(task: () => T | Promise<T>): T | Promise<T> {
    return this.order(() => {
      const started = this.#inFlight.size < runsInFlight ? task() : Promise.race(this.#inFlight).then(task);
      if (started instanceof Promise) return started.then((run) => this.#watch(run));
      return this.#watch(started);
    });
  }

  /** Resolves when everything asked for so far is done. */
  async settle(): Promise<void> {
    await this.#tail;
    await Promise.all(this.#inFlight);
  }

  #follow(work: Promise<unknown>): void {
    const tail = work.then(ignore, ignore).finally(() => {
      if (this.#tail === tail) this.#tail = undefined;
    });
    this.#tail = tail;
  }

  #watch<T extends { readonly finished?: Promise<void> }>(run: T): T {
    if (run.finished !== undefined) {
      const ended = run.finished.then(ignore, ignore).finally(() => {
        this.#inFlight.delete(ended);
      });
      this.#inFlight.add(ended);
    }
    return run;
  }
}

function ignore(): void {}
