// Which functions are where in the table: the kernels first, then those of emitted modules.
import { kernelExports } from '../generated/kernels.ts';
import type { EmittedModule, WasmCommand } from './command.ts';
import { FreeList } from './freeList.ts';
import { firstKernel } from './kernelInstance.ts';

/** An emitted module that has its place. */
export interface RegisteredModule {
  readonly module: EmittedModule;
  /** Tells it from others that had the same place before. */
  readonly id: number;
  /** The place of its first function. */
  readonly first: number;
}

/** One for all programs of a backend. */
export class ModuleRegistry {
  readonly #places = new FreeList(firstKernel + kernelExports.length, () => {});
  #lastId = 0;

  add(module: EmittedModule): RegisteredModule {
    return { module, id: ++this.#lastId, first: this.#places.take(module.exports.length) };
  }

  remove({ first }: RegisteredModule): void {
    this.#places.give(first);
  }
}

/** The place of a command's function. Within a module functions are ordered by their names. */
export function placeOf({ kernel }: WasmCommand, modules: readonly RegisteredModule[]): number {
  if (typeof kernel === 'string') return firstKernel + kernelExports.indexOf(kernel);
  const { module, first } = modules.find((registered) => registered.module === kernel.module)!;
  const index = module.exports.toSorted().indexOf(kernel.name);
  if (index === -1) throw new Error(`The emitted module has no function "${kernel.name}", only ${module.exports.join(', ')}.`);
  return first + index;
}
