// A program in memory, as threads run it: a header, its commands, their arguments, and the modules made for it.
import type { Pointers, WasmCommand } from './command.ts';
import type { Heap } from './heap.ts';
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

export class ProgramImage {
  /** Address of the header. */
  readonly header: number;
  /** Whether other threads than the first have something to do. */
  readonly parallel: boolean;
  /** Memory it takes, the workspace included. */
  readonly bytes: number;
  readonly #memory: MemoryAccess;
  readonly #heap: Heap;
  readonly #registry: ModuleRegistry;
  readonly #workspace: number;
  readonly #commands: readonly PlacedCommand[];
  readonly #modules: readonly RegisteredModule[];
  /** Per command, the place of its function in the table. */
  readonly #places: readonly number[];
  /** In `words`, where each command's arguments and each module's bytes begin. */
  readonly #argumentStarts: readonly number[];
  readonly #moduleStarts: readonly number[];
  readonly #words: Int32Array<ArrayBuffer>;

  /**
   * @param workspaceBytes memory that the commands share
   * @throws RangeError when there is not enough memory
   */
  constructor(memory: MemoryAccess, heap: Heap, registry: ModuleRegistry, commands: readonly PlacedCommand[], workspaceBytes: number) {
    this.#memory = memory;
    this.#heap = heap;
    this.#registry = registry;
    this.#commands = commands;
    this.parallel = commands.some(({ command }) => !isSerial(command));

    const modules = new Set(commands.flatMap(({ command: { kernel } }) => (typeof kernel === 'string' ? [] : [kernel.module])));
    let words = headerWords + commandWords * commands.length + moduleWords * modules.size;
    const take = (count: number): number => {
      words += count;
      return words - count;
    };
    this.#argumentStarts = commands.map((command) => take(argumentsOf(command, 0).length));
    this.#moduleStarts = [...modules].map(({ bytes }) => take(Math.ceil(bytes.length / 4)));
    this.#words = new Int32Array(words);
    // The workspace comes first, so that it begins where the block does: at a multiple of 64.
    const headerOffset = 64 * Math.ceil(workspaceBytes / 64);
    this.bytes = headerOffset + 4 * words;
    this.#workspace = heap.allocate(this.bytes);
    this.header = this.#workspace + headerOffset;
    this.#modules = [...modules].map((module) => registry.add(module));
    this.#places = commands.map(({ command }) => placeOf(command, this.#modules));
  }

  /** Writes the program, with the addresses that buffers have now. */
  write(): void {
    const words = this.#words;
    const addressOf = (word: number): number => this.header + 4 * word;
    const firstCommand = headerWords;
    const firstModule = headerWords + commandWords * this.#commands.length;
    words.set([addressOf(firstCommand), this.#commands.length, addressOf(firstModule), this.#modules.length]);
    this.#commands.forEach((placed, index) => {
      const start = this.#argumentStarts[index]!;
      words.set([this.#places[index]!, addressOf(start), this.#flagsOf(index)], firstCommand + commandWords * index);
      words.set(argumentsOf(placed, this.#workspace), start);
    });
    this.#modules.forEach(({ module: { bytes }, id, first }, index) => {
      const start = this.#moduleStarts[index]!;
      words.set([id, first, addressOf(start), bytes.length], firstModule + moduleWords * index);
      new Uint8Array(words.buffer, 4 * start).set(bytes);
    });
    this.#memory.write(this.header, 'i32', words);
  }

  dispose(): void {
    for (const module of this.#modules) this.#registry.remove(module);
    this.#heap.free(this.#workspace);
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
