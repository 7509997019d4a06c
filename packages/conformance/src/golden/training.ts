// Running a training program step by step: what optimizer cases and whole trajectories share.
import type { Backend, Executable, NdArray, Optimizer, Outputs, Program, Store } from '@nn/core';
import { full, zeros } from '@nn/core';
import { adam, adamW, sgd } from '@nn/optim';
import type { Settings } from './config.ts';
import { NotYet, expectSetting, flagSetting, optionalNumber } from './config.ts';

/** A compiled training program over variables of its own. */
export class TrainingRun {
  readonly store: Store;
  readonly #executable: Executable;
  #steps = 0;

  private constructor(store: Store, executable: Executable) {
    this.store = store;
    this.#executable = executable;
  }

  /** @param variables starting values; variables that are missing (optimizer slots) start from zero */
  static async start(backend: Backend, program: Program, variables: Readonly<Record<string, NdArray>>): Promise<TrainingRun> {
    const slots = Object.entries(program.variables).map(([name, { read }]) => {
      const { shape, dtype } = program.slots[read]!;
      return [name, variables[name] ?? zeros(shape, dtype)] as const;
    });
    const store = await backend.createStore(Object.fromEntries(slots));
    return new TrainingRun(store, await backend.compile(program));
  }

  /** One step on a batch. */
  async step(batch: Readonly<Record<string, NdArray>>, learningRate: number): Promise<Outputs> {
    this.#steps += 1;
    const scalars = { seed: full([], 0, 'i32'), step: full([], this.#steps, 'i32'), learningRate: full([], learningRate) };
    const outputs = this.#executable.run(this.store, { ...batch, ...scalars });
    await outputs.done;
    return outputs;
  }

  /** Names of what {@link step} gives. */
  get outputNames(): readonly string[] {
    return Object.keys(this.#executable.program.outputs);
  }

  async dispose(): Promise<void> {
    await this.#executable.dispose();
    await this.store.dispose();
  }
}

/** How an optimizer of the golden files is made here, and what its slots are called in both. */
export interface KnownOptimizer {
  readonly make: (settings: Settings) => Optimizer;
  /** Our slot by theirs. */
  readonly slots: Readonly<Record<string, string>>;
}

const momentum: KnownOptimizer = { make: sgdOf, slots: { momentum_buffer: 'velocity' } };
const adamSlots = { exp_avg: 'm', exp_avg_sq: 'v' };

const knownOptimizers: ReadonlyMap<string, KnownOptimizer> = new Map([
  ['sgd', momentum],
  ['momentum', momentum],
  ['adam', { make: (settings: Settings) => adam(adamOptions(settings)), slots: adamSlots }],
  ['adamw', { make: (settings: Settings) => adamW(adamOptions(settings)), slots: adamSlots }],
]);

/** @throws NotYet for an optimizer the toolkit does not have */
export function knownOptimizer(name: string): KnownOptimizer {
  const known = knownOptimizers.get(name);
  if (known === undefined) throw new NotYet(`the optimizer ${name}`);
  return known;
}

function sgdOf(settings: Settings): Optimizer {
  expectSetting(settings, 'form', 'torch');
  expectSetting(settings, 'dampening', 0);
  return sgd({
    momentum: optionalNumber(settings, 'momentum', 0),
    nesterov: flagSetting(settings, 'nesterov'),
    weightDecay: optionalNumber(settings, 'weightDecay', 0),
  });
}

function adamOptions(settings: Settings): { beta1: number; beta2: number; epsilon: number; weightDecay: number } {
  expectSetting(settings, 'form', 'torch');
  expectSetting(settings, 'amsgrad', false);
  return {
    beta1: optionalNumber(settings, 'beta1', 0.9),
    beta2: optionalNumber(settings, 'beta2', 0.999),
    epsilon: optionalNumber(settings, 'eps', 1e-8),
    weightDecay: optionalNumber(settings, 'weightDecay', 0),
  };
}
