// Scratch memory that the kernels of a backend take turns in. It grows while programs are compiled and never while they run.

/** Two growable buffers. A kernel reserves what it needs when it is compiled, and uses it only during its run. */
export class Workspace {
  #floats = new Float32Array(0);
  #doubles = new Float64Array(0);

  reserveFloats(length: number): void {
    if (this.#floats.length < length) this.#floats = new Float32Array(length);
  }

  reserveDoubles(length: number): void {
    if (this.#doubles.length < length) this.#doubles = new Float64Array(length);
  }

  /** At least as long as was ever reserved; what it holds is anything. */
  get floats(): Float32Array {
    return this.#floats;
  }

  get doubles(): Float64Array {
    return this.#doubles;
  }
}
