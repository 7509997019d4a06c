// Dispose semantics, in one place: freeing twice is harmless, use afterwards says what was used.
import { DisposedError } from '../errors/errors.ts';

/** Something that ends once. */
export class Lifetime {
  readonly #what: string;
  #ending: Promise<void> | undefined;

  /** @param what names it in messages: `'the store'` */
  constructor(what: string) {
    this.#what = what;
  }

  get ended(): boolean {
    return this.#ending !== undefined;
  }

  /** @throws DisposedError after the end */
  expectAlive(user: string): void {
    if (this.ended) throw new DisposedError(`${user}: ${this.#what} was disposed.`);
  }

  /** Runs `free` the first time; later calls wait for the same end. */
  end(free: () => Promise<void>): Promise<void> {
    this.#ending ??= free();
    return this.#ending;
  }
}
