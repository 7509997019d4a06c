// The kernels as one thread has them: an instance of the module, the table of functions, and the program that is being run.
import { commandWords, moduleWords } from './layout.ts';
import { isRuntimeExport } from './runtimeExports.ts';
import type { Runtime } from './runtimeExports.ts';

/** Where the kernels begin in the table. Place 0 stays empty, so that a forgotten word traps. */
export const firstKernel = 1;

/** What the kernels need: memory, the table of functions, and a way to sleep (see assembly/runtime.ts). */
export function kernelImports(memory: WebAssembly.Memory, table: WebAssembly.Table): WebAssembly.Imports {
  // The words that threads wait for are at the beginning of the memory, so its growth does not matter here.
  const words = new Int32Array(memory.buffer);
  const sleep = (address: number, expected: number, milliseconds: number): boolean =>
    Atomics.wait(words, address / 4, expected, milliseconds) === 'timed-out';
  return { env: { memory, table, sleep } };
}

export class KernelInstance {
  readonly runtime: Runtime;
  readonly #imports: WebAssembly.Imports;
  readonly #table = new WebAssembly.Table({ initial: firstKernel, element: 'anyfunc' });
  /** Per first place in the table, the id of the emitted module whose functions are there. */
  readonly #loaded = new Map<number, number>();
  #commands = 0;
  #count = 0;
  /** Commands of the program that are done. */
  #done = 0;

  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory) {
    this.#imports = kernelImports(memory, this.#table);
    this.runtime = this.#instantiate(module, firstKernel, (name) => !isRuntimeExport(name)) as WebAssembly.Exports & Runtime;
  }

  /**
   * Runs the program at `header` as one of `threads` threads.
   * @returns false when the other threads keep this one waiting for long: `proceed` goes on
   * @throws what a kernel throws, and an error when another thread failed
   */
  start(header: number, thread: number, threads: number): boolean {
    const { wordAt } = this.runtime;
    this.#loadModules(wordAt(header + 8), wordAt(header + 12));
    this.#commands = wordAt(header);
    this.#count = wordAt(header + (thread === 0 ? 4 : 16));
    this.#done = 0;
    return this.#execute(thread, threads);
  }

  /** Goes on with the program where `start` or `proceed` returned false. */
  proceed(thread: number, threads: number): boolean {
    const state = this.runtime.resume();
    if (state < 0) throw new OtherThreadFailed();
    return state === 0 && this.#execute(thread, threads);
  }

  /** The command that was being run when a kernel threw. */
  get position(): number {
    return this.#done + this.runtime.position();
  }

  #execute(thread: number, threads: number): boolean {
    const state = this.runtime.execute(this.#commands + 4 * commandWords * this.#done, this.#count - this.#done, thread, threads);
    if (state < 0) throw new OtherThreadFailed();
    this.#done += state;
    return state === 0;
  }

  /** Makes sure that the modules of a program are in the table; one of an earlier program may be in their place. */
  #loadModules(records: number, count: number): void {
    const { wordAt } = this.runtime;
    for (let record = records; record < records + 4 * moduleWords * count; record += 4 * moduleWords) {
      const [id, first] = [wordAt(record), wordAt(record + 4)];
      if (this.#loaded.get(first) === id) continue;
      const bytes = this.#bytesAt(wordAt(record + 8), wordAt(record + 12));
      this.#instantiate(new WebAssembly.Module(bytes), first, () => true);
      this.#loaded.set(first, id);
    }
  }

  /** Puts the functions of a module that are kernels into the table from place `first` on, ordered by their names. */
  #instantiate(module: WebAssembly.Module, first: number, isKernel: (name: string) => boolean): WebAssembly.Exports {
    const { exports } = new WebAssembly.Instance(module, this.#imports);
    const names = Object.keys(exports).filter(isKernel).toSorted();
    const missing = first + names.length - this.#table.length;
    if (missing > 0) this.#table.grow(missing);
    names.forEach((name, index) => this.#table.set(first + index, exports[name]));
    return exports;
  }

  /** Read word by word: views of a thread that did not grow the memory itself may end before. */
  #bytesAt(pointer: number, length: number): Uint8Array<ArrayBuffer> {
    const words = new Int32Array(Math.ceil(length / 4));
    for (let index = 0; index < words.length; index++) words[index] = this.runtime.wordAt(pointer + 4 * index);
    return new Uint8Array(words.buffer, 0, length);
  }
}

/** Thrown on the threads that did not fail themselves. */
export class OtherThreadFailed extends Error {}
