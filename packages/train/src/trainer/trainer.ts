// The trainer: what a user holds while a model is trained.
import type { Backend, Figure, NdArray, Network, Predicted, PredictInput, PredictOptions, ResultForm, Structure, Warning } from '@nn/core';
import { ConfigError, Disposing, checkInteger, expectBackend, resolveOptions } from '@nn/core';
import type { DataSource, ForeignArrays } from '@nn/data';
import { dataset, hostSource } from '@nn/data';
import type { Callback } from '../events.ts';
import type { Evaluation, History } from '../history.ts';
import { trainingVariables } from '../programs/variables.ts';
import { AveragedCopy, averagedNetwork } from './averagedNetwork.ts';
import { decodeCheckpoint, encodeCheckpoint, expectVariables, nonFiniteVariables } from './checkpoint.ts';
import type { Emit } from './emit.ts';
import type { BuiltModel, Engine } from './engine.ts';
import { evaluateSource } from './evaluate.ts';
import { fit } from './fit.ts';
import type { FitOptions } from './fitOptions.ts';
import { whileResident } from './residentDataset.ts';
import { batchesOf, openSource } from './sources.ts';
import type { TrainerSummary } from './summary.ts';
import { summarizeTrainer } from './summary.ts';

export interface EvaluateOptions {
  /** Rows in a batch (256). The batches of a stream are taken as they come unless it is given. */
  readonly batchSize?: number;
}

const evaluationRows = 256;

/** Trains a model on a backend, which it borrows. Make one with `createTrainer`. `Value` is what its metrics come to. */
export class Trainer<Value extends Figure = number> extends Disposing {
  readonly #engine: Engine;
  readonly #emitterTo: (callbacks: readonly Callback[]) => Emit;
  readonly #averaged: AveragedCopy;
  #fitting = false;

  /** @internal */
  constructor(engine: Engine, emitter: (callbacks: readonly Callback[]) => Emit) {
    super();
    this.#engine = engine;
    this.#averaged = new AveragedCopy(engine);
    this.#emitterTo = emitter;
  }

  get backend(): Backend {
    return this.#engine.backend;
  }

  /** Training steps done, those included that were left out because they were not finite. */
  get step(): number {
    return this.#engine.state.step;
  }

  /** Epochs done. */
  get epoch(): number {
    return this.#engine.state.epoch;
  }

  /** Of starting values, shuffles and random layers. */
  get seed(): number {
    return this.#engine.state.seed;
  }

  /**
   * The model with its variables, for inference: it follows every step and `moveTo`.
   * @throws ConfigError before the input is known, from `createTrainer({ input })` or from the first data
   */
  get network(): Network {
    return this.#model().network;
  }

  /**
   * Trains on data: `{ x, y }` of nested numbers, typed arrays or tensors of another library, a data set, or batches that a generator
   * gives. Epochs are counted over the trainer's life; a second call goes on after the first. An epoch that a signal interrupted goes on where it was.
   * Preparations that were given to `createTrainer` run before the first step, on the first batch.
   *
   * @throws ConfigError for options out of range, DataError for data that are empty or hold NaN or labels out of range, and the typed
   * errors of the model, all before the first step; NumericError for a step whose loss or gradient norm is not finite and
   * BackendError for one that the device lost, the trainer then being back at the beginning of that epoch; what a callback throws
   */
  async fit(data: DataSource | ForeignArrays, options: FitOptions = {}): Promise<History> {
    if (this.#fitting)
      throw new ConfigError('This trainer is training already; wait for the promise of the other fit, or stop it with a signal.');
    this.#fitting = true;
    try {
      return await fit(this.#engine, this.#emitterTo, await hostSource(data), options);
    } finally {
      this.#fitting = false;
    }
  }

  /** Loss and metrics on data, without training, of averaged parameters where they are kept. Running statistics stay as they are. @throws as `fit` for data and model */
  async evaluate(data: DataSource | ForeignArrays, options: EvaluateOptions = {}): Promise<Evaluation<Value>> {
    const { batchSize } = resolveOptions<{ batchSize: number | undefined }>('evaluate', options, { batchSize: undefined });
    if (batchSize !== undefined) checkInteger('evaluate', 'batchSize', batchSize, { from: 1 });
    const given = dataset(await hostSource(data));
    const rows = batchSize ?? (given.size === undefined ? undefined : evaluationRows);
    const { source } = await openSource(this.#engine, given, rows === undefined ? {} : { batchSize: rows });
    const emit = this.#emitterTo([]);
    const warn = (warning: Warning): Promise<void> => emit({ type: 'warning', ...warning });
    const use = { backend: this.#engine.backend, batches: rows && batchesOf(source, rows), warn };
    return whileResident(source, use, async (pass) => {
      return (await evaluateSource(this.#engine, emit, pass, { batchSize: rows })) as Evaluation<Value>;
    });
  }

  /**
   * Layers, counts and costs as `network.summary` has them, for the largest batch that was trained on; what the optimizer keeps; and the
   * bytes that the compiled programs take. Prints as a table. @throws as `network`
   */
  summary(): TrainerSummary {
    return summarizeTrainer(this.#model(), this.#engine.programs);
  }

  /** What the model says, as `network.predict`, with averaged parameters where they are kept; it waits for the running step and for `moveTo`. @throws as `network` and `network.predict` */
  async predict<As extends ResultForm = 'array'>(x: PredictInput, options?: PredictOptions<As>): Promise<Predicted<As>>;
  async predict<As extends ResultForm = 'array'>(
    x: Structure<PredictInput>,
    options?: PredictOptions<As>,
  ): Promise<Structure<Predicted<As>>>;
  async predict<As extends ResultForm>(x: Structure<PredictInput>, options?: PredictOptions<As>): Promise<Structure<Predicted<As>>> {
    const model = this.#model();
    const predict = (network: Network): Promise<Structure<Predicted<As>>> => network.predict(x, options);
    if (this.#engine.hasAverages) return this.#averaged.use(model, predict);
    return this.#engine.whenIdle(() => predict(model.network));
  }

  /**
   * A network with the averaged parameters as they are now, and the running statistics of the trainer: a copy on its backend, yours to
   * save and to dispose. `network` has the parameters that training goes on with.
   *
   * @throws ConfigError when no `weightAverage` is kept, or before the first update
   */
  async averagedNetwork(): Promise<Network> {
    const model = this.#model();
    if (!this.#engine.hasAverages) {
      throw new ConfigError('There are no averaged parameters: give createTrainer a weightAverage: exponentialAverage(), and train first.');
    }
    return averagedNetwork(this.#engine, model);
  }

  /**
   * Goes to another backend, also in the middle of training: the running step ends, then parameters, moments, running statistics and
   * random streams go on there. The programs in use are compiled and the variables read back before anything is given up.
   *
   * @throws what the other backend throws; training goes on where it was then
   */
  async moveTo(backend: Backend): Promise<void> {
    expectBackend(backend, 'moveTo');
    const from = this.#engine.backend.name;
    await this.#engine.moveTo(backend);
    await this.#emitterTo([])({ type: 'moved', from, to: backend.name });
  }

  /**
   * Everything that training goes on from, as the bytes of a safetensors file: all variables, seed, step and epoch.
   * @throws ConfigError before the input is known
   */
  async toCheckpoint(): Promise<Uint8Array> {
    const { input } = this.#model();
    const snapshot = await this.#engine.snapshot();
    await this.#warnOfNonFinite('saved', snapshot.variables);
    return encodeCheckpoint({ ...snapshot, input });
  }

  /**
   * Goes on from a checkpoint: the next steps have the bits they would have had without the interruption. The seed becomes that of the
   * checkpoint.
   *
   * @throws FormatError for a damaged file, or listing every variable that does not fit the model and optimizer; nothing has changed then
   */
  async loadCheckpoint(bytes: Uint8Array): Promise<void> {
    if (this.#fitting) throw new ConfigError('A checkpoint cannot be loaded while fit is running; stop it with a signal first.');
    const checkpoint = decodeCheckpoint(bytes);
    const { plan, model } = this.#engine;
    expectVariables(model?.specs ?? trainingVariables({ ...plan, input: checkpoint.input }), checkpoint);
    await this.#engine.build(checkpoint.input);
    await this.#engine.restore(checkpoint);
    await this.#warnOfNonFinite('loaded', checkpoint.variables);
  }

  /** Frees the variables and programs; the backend stays. Safe to call twice. */
  override async dispose(): Promise<void> {
    await this.#averaged.dispose();
    await this.#engine.dispose();
  }

  #model(): BuiltModel {
    const { model } = this.#engine;
    if (model !== undefined) return model;
    throw new ConfigError(
      'The trainer does not know its input yet, so it has no network. Call fit first, or give createTrainer an input: [784].',
    );
  }

  async #warnOfNonFinite(done: 'saved' | 'loaded', variables: Readonly<Record<string, NdArray>>): Promise<void> {
    const paths = nonFiniteVariables(variables);
    if (paths.length === 0) return;
    const message = `Variables that hold NaN or infinities were ${done}: ${paths.join(', ')}.`;
    await this.#emitterTo([])({ type: 'warning', code: 'train.non-finite-variables', message });
  }
}
