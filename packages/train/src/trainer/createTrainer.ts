// `createTrainer`: from a recipe, a backend and a seed to a trainer.
import type { AnyMetric, Backend, Metric, SampleSpec, Tensor, Value, Warning } from '@nn/core';
import { ConfigError, checkSeed, expectBackend, isTensorSpec, resolveOptions, valueText } from '@nn/core';
import type { Callback } from '../events.ts';
import { emitterTo } from './emit.ts';
import { Engine } from './engine.ts';
import { expectFunctions } from './expect.ts';
import type { PreparedRecipe } from './plan.ts';
import { planOf } from './plan.ts';
import { Trainer } from './trainer.ts';

export type TrainerOptions<Out extends Value = Tensor> = PreparedRecipe<Out> & {
  readonly backend: Backend;
  /** Of starting values, shuffles and random layers, 0 … 2³² − 1 (0). The same seed gives the same bits. */
  readonly seed?: number;
  /** What one sample looks like, without the batch axis: `[784]`. Left out, it is taken from the first data. */
  readonly input?: SampleSpec;
  /** Hear every event, those of `evaluate` and `moveTo` included. */
  readonly callbacks?: readonly Callback[];
  /** Hears what did not stop the work and should be known. */
  readonly onWarning?: (warning: Warning) => void;
};

type OptionName = keyof TrainerOptions;

const noOptions: Readonly<Record<OptionName, undefined>> = {
  model: undefined,
  loss: undefined,
  step: undefined,
  optimizer: undefined,
  metrics: undefined,
  rules: undefined,
  gradientTransforms: undefined,
  prepare: undefined,
  gradientAccumulation: undefined,
  weightAverage: undefined,
  onNonFinite: undefined,
  backend: undefined,
  seed: undefined,
  input: undefined,
  callbacks: undefined,
  onWarning: undefined,
};

/**
 * A trainer for a model: `createTrainer({ model, loss: softmaxCrossEntropy(), optimizer: adam(), metrics: [accuracy()], backend })`.
 * With `input` its variables are made now, else when the first data come. It borrows the backend.
 *
 * @throws ConfigError for options that are missing, unknown or out of range; with `input`, the typed errors of the layers
 */
export async function createTrainer<Out extends Value = Tensor, M extends AnyMetric = Metric>(
  options: TrainerOptions<Out> & { readonly metrics?: readonly M[] },
): Promise<Trainer<ReturnType<M['result']>>> {
  resolveOptions<Readonly<Record<OptionName, unknown>>>('createTrainer', options, noOptions, {
    learningRate: 'It belongs to the optimizer: adam({ learningRate }).',
    batchSize: 'It belongs to fit.',
    epochs: 'They belong to fit.',
  });
  const { backend, seed = 0, input, callbacks = [], onWarning } = options;
  expectBackend(backend, 'createTrainer');
  expectFunctions(callbacks, 'createTrainer: callbacks');
  if (onWarning !== undefined && typeof onWarning !== 'function') {
    throw new ConfigError(`createTrainer: onWarning is ${valueText(onWarning)}; it is a function of a warning.`);
  }
  const engine = new Engine(planOf(options), { backend, seed: checkSeed(seed) });
  if (input !== undefined) await engine.build(isTensorSpec(input) ? input : { shape: input, dtype: 'f32' });
  return new Trainer(engine, (more) => emitterTo([...callbacks, ...more], onWarning));
}
