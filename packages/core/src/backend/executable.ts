// A compiled program: its buffers and steps are laid out once, a run binds a store, goes through the steps and writes the variables back.
import type { TensorSpec } from '../array/dtype.ts';
import { NdArray } from '../array/ndarray.ts';
import { sameShape, sizeOf } from '../array/shape.ts';
import { ConfigError } from '../errors/errors.ts';
import type { Program, Slot } from '../program/program.ts';
import { Bindings } from './bindings.ts';
import type { Cell } from './bindings.ts';
import { checkInputs } from './checks.ts';
import type { Executable, Outputs, ProgramMemory, ReportRow, Store } from './contract.ts';
import type { Sequence } from './device.ts';
import type { Host } from './host.ts';
import { Lifetime } from './lifetime.ts';
import { StagedOutputs } from './outputs.ts';
import type { StartedRun } from './outputs.ts';
import { allocationFailure } from './memory.ts';
import { DeviceStore, holdersOf } from './store.ts';

/**
 * How a variable gets its new value: by exchanging buffers with the run, as a copy where the value is needed elsewhere too, or set aside
 * first where it is that of another variable, which may be written as well.
 */
export type CommitWay = 'exchange' | 'copy' | 'stage';

/** The new value of a variable: where it is after the last step. */
export interface Commit<B> {
  readonly variable: string;
  readonly source: Cell<B>;
  readonly way: CommitWay;
  /** Holds the value while other variables are written, where the way is that. */
  readonly staging: Cell<B> | undefined;
}

/** With the place of its variable among those of the program. */
type PlacedCommit<B> = Commit<B> & { readonly index: number };

/** What compiling a program gives. */
export interface Layout<B> {
  readonly sequence: Sequence;
  /** How many sets of buffers the sequence remembers. */
  readonly bindings: number;
  /**
   * Per slot, the place of the buffer that holds its elements; those of variables are filled when a store is bound. Undefined for slots
   * that nothing writes, as in a program that is the beginning of another.
   */
  readonly cells: readonly (Cell<B> | undefined)[];
  readonly commits: readonly Commit<B>[];
  report(): readonly ReportRow[];
  readonly memory: ProgramMemory;
  /** Frees the sequence and the buffers of this program. */
  free(): Promise<void>;
}

/** A slot with a name: an input, an output, or what a variable holds before the run. */
interface Place<B> {
  readonly name: string;
  /** In messages. */
  readonly what: string;
  readonly cell: Cell<B>;
  readonly spec: TensorSpec;
  readonly size: number;
}

/** The executable of every backend made here. */
export class DeviceExecutable<B> implements Executable {
  readonly program: Program;
  readonly #host: Host<B>;
  readonly #layout: Layout<B>;
  readonly #lifetime = new Lifetime('the executable');
  readonly #inputs: readonly Place<B>[];
  readonly #outputs: readonly Place<B>[];
  readonly #outputNames: readonly string[];
  readonly #variables: readonly Place<B>[];
  readonly #bindings: Bindings<B>;
  /** What variables get, and the place of each among them: buffers of the run, or copies. */
  readonly #exchanged: readonly PlacedCommit<B>[];
  readonly #copied: readonly PlacedCommit<B>[];
  /** The stores of the last run, and for each variable the one that holds it. */
  #bound: { readonly stores: readonly DeviceStore<B>[]; readonly holders: readonly DeviceStore<B>[] } | undefined;

  constructor(program: Program, host: Host<B>, layout: Layout<B>) {
    this.program = program;
    this.#host = host;
    this.#layout = layout;
    const place = (kind: string, name: string, slot: Slot): Place<B> => {
      const { shape, dtype } = program.slots[slot]!;
      // Frozen, so that the arrays of all runs share it.
      const spec = { shape: Object.freeze([...shape]), dtype };
      return { name, what: `${kind} "${name}"`, cell: layout.cells[slot]!, spec, size: sizeOf(shape) };
    };
    this.#inputs = Object.entries(program.inputs).map(([name, slot]) => place('input', name, slot));
    this.#outputs = Object.entries(program.outputs).map(([name, slot]) => place('output', name, slot));
    this.#outputNames = Object.keys(program.outputs);
    this.#variables = Object.entries(program.variables).map(([name, { read }]) => place('variable', name, read));
    const variables = Object.keys(program.variables);
    const commits = layout.commits.map((commit) => ({ ...commit, index: variables.indexOf(commit.variable) }));
    this.#exchanged = commits.filter(({ way }) => way === 'exchange');
    this.#copied = commits.filter(({ way }) => way !== 'exchange');
    const exchanged = this.#exchanged.map(({ source }) => source);
    this.#bindings = new Bindings([...this.#variables.map(({ cell }) => cell), ...exchanged], layout.bindings);
  }

  get report(): readonly ReportRow[] {
    return this.#layout.report();
  }

  get memory(): ProgramMemory {
    return this.#layout.memory;
  }

  run(stores: Store | readonly Store[], inputs: Readonly<Record<string, NdArray>>): Outputs {
    this.#host.lifetime.expectAlive('run');
    this.#lifetime.expectAlive('run');
    const holders = this.#holdersAmong(stores);
    if (!this.#areInputs(inputs)) checkInputs(this.program, inputs);
    const { queue } = this.#host;
    // A run that has to wait keeps copies: the caller may use the arrays again as soon as this returns.
    const captured = queue.idle ? inputs : Object.fromEntries(Object.entries(inputs).map(([name, array]) => [name, array.clone()]));
    return new StagedOutputs(
      this.#outputNames,
      attempt(() => queue.run(() => this.#start(holders, captured))),
    );
  }

  dispose(): Promise<void> {
    return this.#lifetime.end(async () => {
      await this.#host.queue.settle();
      this.#bound = undefined;
      this.#bindings.forget();
      if (!this.#host.lifetime.ended) await this.#layout.free();
      for (const cell of this.#layout.cells) cell?.take();
    });
  }

  /** Whether the inputs are right: the usual case, in which nothing is allocated. Otherwise {@link checkInputs} finds out what is wrong. */
  #areInputs(inputs: Readonly<Record<string, NdArray>>): boolean {
    let given = 0;
    for (const _ in inputs) given++;
    if (given !== this.#inputs.length) return false;
    for (let index = 0; index < this.#inputs.length; index++) {
      const { name, spec, size } = this.#inputs[index]!;
      const array: NdArray | undefined = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
      if (!(array instanceof NdArray) || array.dtype !== spec.dtype || array.data.length !== size) return false;
      if (!sameShape(array.shape, spec.shape)) return false;
    }
    return true;
  }

  /** For each variable the store that holds it. In a row of runs on the same stores nothing is allocated. */
  #holdersAmong(given: Store | readonly Store[]): readonly DeviceStore<B>[] {
    if (this.#bound !== undefined && areSame(given, this.#bound.stores)) {
      const { stores: known } = this.#bound;
      for (let index = 0; index < known.length; index++) known[index]!.expectAlive('run');
      return this.#bound.holders;
    }
    const stores = (isList(given) ? given : [given]).map((store) => this.#storeHere(store));
    const holders = holdersOf(this.program, stores);
    this.#bound = { stores, holders };
    return holders;
  }

  #storeHere(store: Store): DeviceStore<B> {
    if (!(store instanceof DeviceStore) || !store.belongsTo(this.#host)) {
      throw new ConfigError(
        `run: the store was made by another backend than "${this.#host.name}", which compiled the program. Use createStore of the same one.`,
      );
    }
    store.expectAlive('run');
    return store;
  }

  #start(holders: readonly DeviceStore<B>[], inputs: Readonly<Record<string, NdArray>>): StartedRun | Promise<StartedRun> {
    const { device } = this.#host;
    const { sequence } = this.#layout;
    for (let index = 0; index < this.#inputs.length; index++) {
      const { name, cell } = this.#inputs[index]!;
      device.write(cell.buffer!, inputs[name]!);
    }
    for (let index = 0; index < holders.length; index++) {
      const { name, cell } = this.#variables[index]!;
      cell.put(holders[index]!.bufferOf(name));
    }
    const pending = sequence.run(this.#bindings.current((binding) => sequence.bind?.(binding)));
    return pending instanceof Promise ? pending.then(() => this.#finish(holders)) : this.#finish(holders);
  }

  /** Stages the outputs and, when every step has succeeded, writes the variables. In every run: loops that allocate nothing. */
  #finish(holders: readonly DeviceStore<B>[]): StartedRun {
    const { device } = this.#host;
    const outputs = this.#stagedOutputs();
    for (let at = 0; at < this.#copied.length; at++) {
      const { source, staging } = this.#copied[at]!;
      if (staging !== undefined) device.copy(source.buffer!, staging.buffer!);
    }
    for (let at = 0; at < this.#copied.length; at++) {
      const { variable, index, source, staging } = this.#copied[at]!;
      device.copy((staging ?? source).buffer!, holders[index]!.bufferOf(variable));
    }
    // Last: what is given to the store here has been copied from before.
    for (let at = 0; at < this.#exchanged.length; at++) {
      const { variable, index, source } = this.#exchanged[at]!;
      source.put(holders[index]!.exchange(variable, source.buffer!));
    }
    const finished = device.finish?.();
    return finished === undefined ? { outputs } : { outputs, finished };
  }

  #stagedOutputs(): (NdArray | Promise<NdArray>)[] {
    const { device, name: backend } = this.#host;
    const outputs = new Array<NdArray | Promise<NdArray>>(this.#outputs.length);
    for (let at = 0; at < outputs.length; at++) {
      const { what, cell, spec } = this.#outputs[at]!;
      try {
        outputs[at] = device.read(cell.buffer!, spec);
      } catch (error) {
        throw allocationFailure(backend, what, error);
      }
    }
    return outputs;
  }
}

function isList(stores: Store | readonly Store[]): stores is readonly Store[] {
  return Array.isArray(stores);
}

function areSame(given: Store | readonly Store[], known: readonly Store[]): boolean {
  if (!isList(given)) return known.length === 1 && known[0] === given;
  if (given.length !== known.length) return false;
  for (let index = 0; index < known.length; index++) if (given[index] !== known[index]) return false;
  return true;
}

/** The result of `task`, its synchronous error as a rejection. */
function attempt<T>(task: () => T | Promise<T>): T | Promise<T> {
  try {
    return task();
  } catch (error) {
    return Promise.reject(error);
  }
}
