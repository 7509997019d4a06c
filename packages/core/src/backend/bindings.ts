// Which buffers the steps of a program work on. Those of variables are the store's, and a run that has computed a new value gives its
// own buffer to the store and takes the old one in return: nothing is copied, and a run that fails has changed nothing.

/** A place for a buffer, and where steps name it. */
export class Cell<B> {
  readonly #uses: { readonly list: B[]; readonly position: number }[] = [];
  #buffer: B | undefined;

  constructor(buffer?: B) {
    this.#buffer = buffer;
  }

  /** Undefined for variables while no store is bound, and after the end. */
  get buffer(): B | undefined {
    return this.#buffer;
  }

  /** Puts another buffer here and into every step that uses this place. */
  put(buffer: B): void {
    if (this.#buffer === buffer) return;
    this.#buffer = buffer;
    for (let index = 0; index < this.#uses.length; index++) {
      const { list, position } = this.#uses[index]!;
      list[position] = buffer;
    }
  }

  /** Takes the buffer out; steps must not run any more. */
  take(): B | undefined {
    const buffer = this.#buffer;
    this.#buffer = undefined;
    return buffer;
  }

  /** `list[position]` is this buffer from now on. */
  use(list: B[], position: number): void {
    this.#uses.push({ list, position });
    list[position] = this.#buffer as B;
  }
}

/** The sets of buffers that a sequence is ready to run on: with buffers exchanged after each run, two take turns. */
export class Bindings<B> {
  readonly #cells: readonly Cell<B>[];
  readonly #known: (readonly (B | undefined)[] | undefined)[];
  #last = -1;

  /**
   * @param cells those whose buffers change
   * @param count how many sets are remembered
   */
  constructor(cells: readonly Cell<B>[], count: number) {
    this.#cells = cells;
    this.#known = Array.from({ length: count });
  }

  /** The number of the set that the buffers are now; `prepare` is called with it when it is not remembered. */
  current(prepare: (binding: number) => void): number {
    for (let binding = 0; binding < this.#known.length; binding++) {
      if (this.#isCurrent(binding)) return (this.#last = binding);
    }
    const binding = (this.#last + 1) % this.#known.length;
    // If it cannot be prepared, it is not remembered either.
    this.#known[binding] = undefined;
    prepare(binding);
    this.#known[binding] = this.#cells.map(({ buffer }) => buffer);
    return (this.#last = binding);
  }

  /** Lets go of all buffers. */
  forget(): void {
    this.#known.fill(undefined);
  }

  #isCurrent(binding: number): boolean {
    const known = this.#known[binding];
    if (known === undefined) return false;
    for (let index = 0; index < known.length; index++) if (known[index] !== this.#cells[index]!.buffer) return false;
    return true;
  }
}
