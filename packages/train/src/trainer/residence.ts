// Where a trainer lives: a backend, the variables on it and the programs compiled for it. `moveTo` makes a new one.
import type { Backend, NdArray, Program, Store } from '@nn/core';
import { BackendError } from '@nn/core';
import type { ProgramRequest } from './programCache.ts';
import { ProgramCache } from './programCache.ts';

/** Variables on the host, by path. */
export type HostVariables = Readonly<Record<string, NdArray>>;

export class Residence {
  readonly backend: Backend;
  readonly store: Store;
  readonly programs: ProgramCache;

  private constructor(backend: Backend, store: Store, programs: ProgramCache) {
    this.backend = backend;
    this.store = store;
    this.programs = programs;
  }

  /**
   * Puts variables on a backend and compiles programs for it.
   * @throws BackendError when the backend does not give back what it was given; whatever it throws itself. Nothing is left behind then
   */
  static async create(
    backend: Backend,
    variables: HostVariables,
    build: (request: ProgramRequest) => Program,
    requests: readonly ProgramRequest[] = [],
  ): Promise<Residence> {
    const store = await backend.createStore(variables);
    const residence = new Residence(backend, store, new ProgramCache(backend, build));
    try {
      for (const request of requests) await residence.programs.get(request);
      await residence.#expectHolds(variables);
      return residence;
    } catch (error) {
      await residence.dispose();
      throw error;
    }
  }

  /** A copy of all variables. */
  async readAll(): Promise<HostVariables> {
    const { store } = this;
    const values = await Promise.all(store.names.map(async (name) => [name, await store.read(name)] as const));
    return Object.fromEntries(values);
  }

  writeAll(variables: HostVariables): void {
    for (const [name, value] of Object.entries(variables)) this.store.write(name, value);
  }

  async dispose(): Promise<void> {
    await this.programs.dispose();
    await this.store.dispose();
  }

  async #expectHolds(variables: HostVariables): Promise<void> {
    const held = await this.readAll();
    const changed = Object.entries(variables).find(([name, value]) => !sameInFloat32(value, held[name]!));
    if (changed === undefined) return;
    throw new BackendError(`Backend "${this.backend.name}" does not give back "${changed[0]}" as it was written; nothing was moved.`);
  }
}

/** Equal where both hold float32; backends that hold more bits round when they hand over, those without subnormals lose these. */
function sameInFloat32(a: NdArray, b: NdArray): boolean {
  const smallestNormal = 2 ** -126;
  return a.data.every((value, index) => {
    const other = b.data[index]!;
    if (Object.is(Math.fround(value), Math.fround(other)) || value === other) return true;
    return Math.abs(value) < smallestNormal && other === 0;
  });
}
