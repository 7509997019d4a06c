// Variables on a device: one buffer each, for as long as the store lives.
import type { TensorSpec } from '../array/dtype.ts';
import type { NdArray } from '../array/ndarray.ts';
import { ConfigError } from '../errors/errors.ts';
import { valueText } from '../errors/options.ts';
import { checkVariables, expectArray, expectSpec, unknownName } from './checks.ts';
import type { Store } from './contract.ts';
import type { Host } from './host.ts';
import { Lifetime } from './lifetime.ts';
import { allocateAll, bytesOf } from './memory.ts';
import type { Program } from '../program/program.ts';

/** The store of every backend made by `kernelBackend`. */
export class DeviceStore<B> implements Store {
  readonly #host: Host<B>;
  readonly #lifetime = new Lifetime('the store');
  readonly #specs = new Map<string, TensorSpec>();
  readonly #buffers = new Map<string, B>();

  /** @throws BackendError `backend.out-of-memory`; ConfigError for what is no record, or a value in it that is no array */
  constructor(host: Host<B>, variables: Readonly<Record<string, NdArray>>) {
    this.#host = host;
    if (typeof variables !== 'object' || variables === null || Symbol.iterator in variables) {
      throw new ConfigError(`createStore takes its variables as an object, not ${valueText(variables)}.`);
    }
    const entries = Object.entries(variables);
    for (const [name, array] of entries) expectArray(array, `Variable "${name}"`);
    const buffers = allocateAll(
      host.device,
      host.name,
      entries.map(([name, spec]) => ({ name, spec })),
    );
    entries.forEach(([name, array], index) => {
      host.device.write(buffers[index]!, array);
      this.#specs.set(name, { shape: array.shape, dtype: array.dtype });
      this.#buffers.set(name, buffers[index]!);
    });
  }

  get names(): readonly string[] {
    return [...this.#specs.keys()];
  }

  get bytes(): number {
    let bytes = 0;
    for (const name of this.#buffers.keys()) bytes += bytesOf(this.#host.device, this.#specs.get(name)!);
    return bytes;
  }

  async read(name: string): Promise<NdArray> {
    this.expectAlive(`read("${name}")`);
    const spec = this.#specOf(name);
    return this.#host.queue.order(() => this.#host.device.read(this.#buffers.get(name)!, spec));
  }

  write(name: string, value: NdArray): void {
    this.expectAlive(`write("${name}")`);
    expectSpec(value, this.#specOf(name), `The new value of variable "${name}"`, 'the store holds');
    const { queue, device } = this.#host;
    const captured = queue.idle ? value : value.clone();
    void queue.order(() => device.write(this.#buffers.get(name)!, captured));
  }

  dispose(): Promise<void> {
    return this.#lifetime.end(async () => {
      await this.#host.queue.settle();
      if (!this.#host.lifetime.ended) for (const buffer of this.#buffers.values()) this.#host.device.free?.(buffer);
      this.#buffers.clear();
    });
  }

  /** @throws DisposedError when the store or its backend was disposed */
  expectAlive(user: string): void {
    this.#host.lifetime.expectAlive(user);
    this.#lifetime.expectAlive(user);
  }

  /** Whether this store lives on the device of `host`. */
  belongsTo(host: unknown): boolean {
    return this.#host === host;
  }

  /** What it holds, by name. */
  get specs(): ReadonlyMap<string, TensorSpec> {
    return this.#specs;
  }

  /** The buffer of a variable that is known to exist. */
  bufferOf(name: string): B {
    return this.#buffers.get(name)!;
  }

  /** Gives a variable its new value as a buffer of the same kind; returns the one with the old value, which is the caller's now. */
  exchange(name: string, buffer: B): B {
    const old = this.bufferOf(name);
    this.#buffers.set(name, buffer);
    return old;
  }

  #specOf(name: string): TensorSpec {
    const spec = this.#specs.get(name);
    if (spec === undefined) throw unknownName(`The store has no variable "${name}"`, name, this.#specs.keys(), 'It has');
    return spec;
  }
}

/**
 * For each variable of a program the first store that has it.
 * @throws ConfigError, ShapeError, DTypeError when they are not all there as the program declares them
 */
export function holdersOf<B>(program: Program, stores: readonly DeviceStore<B>[]): DeviceStore<B>[] {
  const backwards = stores.toReversed();
  checkVariables(program, new Map(backwards.flatMap(({ specs }) => [...specs])));
  return Object.keys(program.variables).map((name) => stores.find(({ specs }) => specs.has(name))!);
}
