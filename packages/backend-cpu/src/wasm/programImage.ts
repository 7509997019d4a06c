// A program in memory, as threads run it: the modules made for it, and for each set of buffers that it runs on a header, its commands
// and their arguments.
import type { Pointers, WasmCommand } from './command.ts';
import type { Heap } from './heap.ts';
import { blockBytes } from './heap.ts';
import { barrierAfter, commandWords, headerWords, moduleWords, serialCommand } from './layout.ts';
import type { MemoryAccess } from './memory.ts';
import { placeOf } from './moduleRegistry.ts';
import type { ModuleRegistry, RegisteredModule } from './moduleRegistry.ts';

/**
 * Nanoseconds of work from which on all threads take part: a meeting of two threads costs up to a microsecond, and data moves
 * between their caches.
 */
const worthSharing = 4000;

/** A command, and where its elements are at the moment it is asked for. */
export interface PlacedCommand {
  readonly command: WasmCommand;
  readonly pointers: () => Omit<Pointers, 'workspace'>;
}

/** What images take their places in. */
export interface ImagePlace {
  readonly memory: MemoryAccess;
  readonly heap: Heap;
  readonly registry: ModuleRegistry;
}

export class ProgramImage {
  /** Whether other threads than the first have something to do. */
  readonly parallel: boolean;
  /** Memory it takes, the workspace included. */
  readonly bytes: number;
  /** After how many commands that is over. */
  readonly #shared: number;
  readonly #memory: MemoryAccess;
  readonly #heap: Heap;
  readonly #registry: ModuleRegistry;
  readonly #commands: readonly PlacedCommand[];
  readonly #modules: readonly RegisteredModule[];
  /** Per command, the place of its function in the table, and where its arguments begin behind the header. */
  readonly #places: readonly number[];
  readonly #argumentStarts: readonly number[];
  /** Where the image begins, with the workspace, and behind that its modules, and the headers with what follows them. */
  readonly #start: number;
  readonly #records: number;
  readonly #headers: number;
  readonly #wordsPerBinding: number;

  /**
   * @param bindings how many sets of addresses it holds
   * @param workspaceBytes memory that the commands share
   * @throws RangeError when there is not enough memory
   */
  constructor(
    { memory, heap, registry }: ImagePlace,
    commands: readonly PlacedCommand[],
    { bindings, workspaceBytes }: { readonly bindings: number; readonly workspaceBytes: number },
  ) {
    this.#memory = memory;
    this.#heap = heap;
    this.#registry = registry;
    this.#commands = commands;
    this.#shared = 1 + commands.findLastIndex(({ command }) => !isSerial(command));
    this.parallel = this.#shared > 0;

    let words = headerWords + commandWords * commands.length;
    this.#argumentStarts = commands.map((command) => {
      const start = words;
      words += argumentsOf(command, 0).length;
      return start;
    });
    this.#wordsPerBinding = words;
    const emitted = [...new Set(commands.flatMap(({ command: { kernel } }) => (typeof kernel === 'string' ? [] : [kernel.module])))];
    const moduleSizes = emitted.map(({ bytes }) => Math.ceil(bytes.length / 4));
    const recordWords = moduleWords * emitted.length + moduleSizes.reduce((sum, size) => sum + size, 0);
    // The workspace comes first, so that it begins where the block does: at a multiple of 64.
    const recordsOffset = 64 * Math.ceil(workspaceBytes / 64);
    const bytes = recordsOffset + 4 * (recordWords + bindings * words);
    this.bytes = blockBytes(bytes);
    this.#start = heap.allocate(bytes);
    this.#records = this.#start + recordsOffset;
    this.#headers = this.#records + 4 * recordWords;
    this.#modules = emitted.map((module) => registry.add(module));
    this.#places = commands.map(({ command }) => placeOf(command, this.#modules));
    this.#writeModules(moduleSizes);
  }

  /** Address of the header of a binding. */
  header(binding: number): number {
    return this.#headers + 4 * this.#wordsPerBinding * binding;
  }

  /** Writes the commands of a binding, with the addresses that buffers have now. */
  bind(binding: number): void {
    const words = new Int32Array(this.#wordsPerBinding);
    const header = this.header(binding);
    const addressOf = (word: number): number => header + 4 * word;
    words.set([addressOf(headerWords), this.#commands.length, this.#records, this.#modules.length, this.#shared]);
    this.#commands.forEach((placed, index) => {
      const start = this.#argumentStarts[index]!;
      words.set([this.#places[index]!, addressOf(start), this.#flagsOf(index)], headerWords + commandWords * index);
      words.set(argumentsOf(placed, this.#start), start);
    });
    this.#memory.write(header, 'i32', words);
  }

  dispose(): void {
    for (const module of this.#modules) this.#registry.remove(module);
    this.#heap.free(this.#start);
  }

  #writeModules(sizes: readonly number[]): void {
    let next = moduleWords * this.#modules.length;
    const words = new Int32Array(sizes.reduce((sum, size) => sum + size, next));
    this.#modules.forEach(({ module: { bytes }, id, first }, index) => {
      words.set([id, first, this.#records + 4 * next, bytes.length], moduleWords * index);
      new Uint8Array(words.buffer, 4 * next).set(bytes);
      next += sizes[index]!;
    });
    this.#memory.write(this.#records, 'i32', words);
  }

  /** Between commands that one thread runs alone nobody has to meet. */
  #flagsOf(index: number): number {
    const [command, next] = [this.#commands[index]!.command, this.#commands[index + 1]?.command];
    if (!isSerial(command)) return barrierAfter;
    return next === undefined || isSerial(next) ? serialCommand : serialCommand | barrierAfter;
  }
}

function isSerial({ work }: WasmCommand): boolean {
  return work < worthSharing;
}

function argumentsOf({ command, pointers }: PlacedCommand, workspace: number): readonly number[] {
  return command.words({ ...pointers(), workspace });
}
