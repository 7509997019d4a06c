// A compiled program: its buffers and steps are laid out once, a run binds a store, goes through the steps and writes the variables back.
import type { NdArray } from '../array/ndarray.ts';
import { ConfigError } from '../errors/errors.ts';
import type { Program, Slot } from '../program/program.ts';
import { checkInputs } from './checks.ts';
import type { Executable, Outputs, ProgramMemory, ReportRow, Store } from './contract.ts';
import type { Sequence } from './device.ts';
import type { Host } from './host.ts';
import { Lifetime } from './lifetime.ts';
import { StagedOutputs } from './outputs.ts';
import type { StartedRun } from './outputs.ts';
import { whileAllocating } from './memory.ts';
import { DeviceStore } from './store.ts';

/** Where a step reads a variable: `inputs[position]` is its buffer. */
export interface VariableReader<B> {
  readonly variable: string;
  readonly inputs: B[];
  readonly position: number;
}

/** The new value of a variable: where it is after the last step. `staging` holds it while other variables are written. */
export interface Commit<B> {
  readonly variable: string;
  readonly source: Slot;
  readonly staging: B | undefined;
}

/** What compiling a program gives. */
export interface Layout<B> {
  readonly sequence: Sequence;
  readonly readers: readonly VariableReader<B>[];
  /** Per slot that holds elements, its buffer; those of variables are filled in when a store is bound. */
  readonly buffers: (B | undefined)[];
  /** Per slot, the slot whose buffer holds its elements. */
  readonly holders: readonly Slot[];
  readonly commits: readonly Commit<B>[];
  readonly report: readonly ReportRow[];
  readonly memory: ProgramMemory;
  /** Frees the sequence and the buffers of this program. */
  free(): Promise<void>;
}

/** The executable of every backend made here. */
export class DeviceExecutable<B> implements Executable {
  readonly program: Program;
  readonly #host: Host<B>;
  readonly #layout: Layout<B>;
  readonly #lifetime = new Lifetime('the executable');
  #bound: DeviceStore<B> | undefined;

  constructor(program: Program, host: Host<B>, layout: Layout<B>) {
    this.program = program;
    this.#host = host;
    this.#layout = layout;
  }

  get report(): readonly ReportRow[] {
    return this.#layout.report;
  }

  get memory(): ProgramMemory {
    return this.#layout.memory;
  }

  run(store: Store, inputs: Readonly<Record<string, NdArray>>): Outputs {
    this.#host.lifetime.expectAlive('run');
    this.#lifetime.expectAlive('run');
    const deviceStore = this.#storeHere(store);
    if (this.#bound !== deviceStore) deviceStore.expectVariablesOf(this.program);
    checkInputs(this.program, inputs);
    const { queue } = this.#host;
    // A run that has to wait keeps copies: the caller may use the arrays again as soon as this returns.
    const captured = queue.idle ? inputs : Object.fromEntries(Object.entries(inputs).map(([name, array]) => [name, array.clone()]));
    return new StagedOutputs(
      Object.keys(this.program.outputs),
      attempt(() => queue.run(() => this.#start(deviceStore, captured))),
    );
  }

  dispose(): Promise<void> {
    return this.#lifetime.end(async () => {
      await this.#host.queue.settle();
      this.#bound = undefined;
      this.#layout.buffers.length = 0;
      if (!this.#host.lifetime.ended) await this.#layout.free();
    });
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

  #start(store: DeviceStore<B>, inputs: Readonly<Record<string, NdArray>>): StartedRun | Promise<StartedRun> {
    const { device } = this.#host;
    for (const [name, slot] of Object.entries(this.program.inputs)) device.write(this.#bufferOf(slot), inputs[name]!);
    this.#bind(store);
    const pending = this.#layout.sequence.run();
    return pending instanceof Promise ? pending.then(() => this.#finish(store)) : this.#finish(store);
  }

  #bind(store: DeviceStore<B>): void {
    if (this.#bound === store) return;
    this.#bound = store;
    for (const [name, { read }] of Object.entries(this.program.variables)) this.#layout.buffers[read] = store.bufferOf(name);
    for (const { variable, inputs, position } of this.#layout.readers) inputs[position] = store.bufferOf(variable);
    this.#layout.sequence.rebind?.();
  }

  /** Stages the outputs and, when every step has succeeded, writes the variables. */
  #finish(store: DeviceStore<B>): StartedRun {
    const { device, name: backend } = this.#host;
    const outputs = new Map<string, NdArray | Promise<NdArray>>();
    for (const [name, slot] of Object.entries(this.program.outputs)) {
      const stage = (): NdArray | Promise<NdArray> => device.read(this.#bufferOf(slot), this.program.slots[slot]!);
      outputs.set(name, whileAllocating(backend, `output "${name}"`, stage));
    }
    const { commits } = this.#layout;
    for (const { source, staging } of commits) if (staging !== undefined) device.copy(this.#bufferOf(source), staging);
    for (const { variable, source, staging } of commits) device.copy(staging ?? this.#bufferOf(source), store.bufferOf(variable));
    const finished = device.finish?.();
    return finished === undefined ? { outputs } : { outputs, finished };
  }

  #bufferOf(slot: Slot): B {
    return this.#layout.buffers[this.#layout.holders[slot]!]!;
  }
}

/** The result of `task`, its synchronous error as a rejection. */
function attempt<T>(task: () => T | Promise<T>): T | Promise<T> {
  try {
    return task();
  } catch (error) {
    return Promise.reject(error);
  }
}
