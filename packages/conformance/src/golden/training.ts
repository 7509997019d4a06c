// Running a training program step by step: what optimizer cases and whole trajectories share.
import type { Backend, Executable, NdArray, Optimizer, Outputs, Program, Store } from '@nn/core';
import { full, zeros } from '@nn/core';
import type { AdamOptions, LearningRateMode } from '@nn/optim';
import { adagrad, adam, adamW, rmsprop, sgd } from '@nn/optim';
import type { Settings } from './config.ts';
import { NotYet, expectSetting, flagSetting, optionalNumber, textSetting } from './config.ts';

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

const momentum: KnownOptimizer = { make: sgdOf, slots: { momentum_buffer: 'velocity', velocity: 'velocity' } };
const adamSlots = { exp_avg: 'm', exp_avg_sq: 'v', max_exp_avg_sq: 'largestV' };
const rmspropSlots = { square_avg: 'meanSquare', grad_avg: 'mean', momentum_buffer: 'velocity', velocity: 'velocity' };

const knownOptimizers: ReadonlyMap<string, KnownOptimizer> = new Map([
  ['sgd', momentum],
  ['momentum', momentum],
  ['adam', { make: (settings: Settings) => adam(adamOptions(settings)), slots: adamSlots }],
  ['adamw', { make: (settings: Settings) => adamW(adamOptions(settings)), slots: adamSlots }],
  ['rmsprop', { make: rmspropOf, slots: rmspropSlots }],
  ['adagrad', { make: adagradOf, slots: { sum: 'squares' } }],
]);

/** @throws NotYet for an optimizer the toolkit does not have */
export function knownOptimizer(name: string): KnownOptimizer {
  const known = knownOptimizers.get(name);
  if (known === undefined) throw new NotYet(`the optimizer ${name}`);
  return known;
}

function sgdOf(settings: Settings): Optimizer {
  return sgd({
    momentum: optionalNumber(settings, 'momentum', 0),
    nesterov: flagSetting(settings, 'nesterov'),
    dampening: optionalNumber(settings, 'dampening', 0),
    learningRateMode: learningRateModeOf(settings),
    weightDecay: optionalNumber(settings, 'weightDecay', 0),
  });
}

/** The form of a velocity: PyTorch keeps the rate out of it, Keras does not. */
function learningRateModeOf(settings: Settings): LearningRateMode {
  expectSetting(settings, 'form', 'torch', 'keras');
  return textSetting(settings, 'form', 'torch') === 'keras' ? 'inside' : 'outside';
}

function rmspropOf(settings: Settings): Optimizer {
  return rmsprop({
    decay: optionalNumber(settings, 'alpha', 0.99),
    epsilon: optionalNumber(settings, 'eps', 1e-8),
    epsilonMode: epsilonModeOf(settings),
    momentum: optionalNumber(settings, 'momentum', 0),
    learningRateMode: learningRateModeOf(settings),
    centered: flagSetting(settings, 'centered'),
    weightDecay: optionalNumber(settings, 'weightDecay', 0),
  });
}

function adagradOf(settings: Settings): Optimizer {
  return adagrad({
    learningRateDecay: optionalNumber(settings, 'lrDecay', 0),
    initialAccumulator: optionalNumber(settings, 'initialAccumulator', 0),
    epsilon: optionalNumber(settings, 'eps', 1e-10),
    epsilonMode: epsilonModeOf(settings),
    weightDecay: optionalNumber(settings, 'weightDecay', 0),
  });
}

function epsilonModeOf(settings: Settings): 'inside' | 'outside' {
  expectSetting(settings, 'epsMode', 'inside', 'outside');
  return textSetting(settings, 'epsMode', 'outside') === 'inside' ? 'inside' : 'outside';
}

function adamOptions(settings: Settings): Omit<Required<AdamOptions>, 'learningRate'> {
  expectSetting(settings, 'form', 'torch', 'epsilon-hat');
  return {
    epsilonHat: textSetting(settings, 'form', 'torch') === 'epsilon-hat',
    amsgrad: flagSetting(settings, 'amsgrad'),
    beta1: optionalNumber(settings, 'beta1', 0.9),
    beta2: optionalNumber(settings, 'beta2', 0.999),
    epsilon: optionalNumber(settings, 'eps', 1e-8),
    weightDecay: optionalNumber(settings, 'weightDecay', 0),
  };
}
