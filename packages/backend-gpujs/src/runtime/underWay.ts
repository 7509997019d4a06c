// GPUs say that something failed, later and to whoever asks, and not whose work it was.

/** What is under way on a device: when the device reports a failure, all of it has failed. */
export class UnderWay {
  readonly #entries = new Set<{ failure?: Error }>();

  /**
   * The result of `work`.
   * @throws what `work` throws, or a failure that was reported in the meantime
   */
  async during<T>(work: Promise<T>): Promise<T> {
    const entry: { failure?: Error } = {};
    this.#entries.add(entry);
    try {
      const result = await work;
      if (entry.failure !== undefined) throw entry.failure;
      return result;
    } finally {
      this.#entries.delete(entry);
    }
  }

  /** To be called with what the device reported, by whoever asked it. */
  fail(failure: Error): void {
    for (const entry of this.#entries) entry.failure ??= failure;
  }
}
