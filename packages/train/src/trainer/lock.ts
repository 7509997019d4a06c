// Turns: what moves or replaces variables must not run while a step is being handed to the device.

/** Runs tasks one after the other, in the order of the calls. A failed task does not stop the next. */
export class Lock {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
