// The engine of a trainer: variables, programs and counters. It runs single steps, in order; loops over data are built on it.
import type { Backend, Network, Structure, TensorSpec, VariableSpec } from '@nn/core';
import { DisposedError, batchedSpec, fillVariables, modelShape, networkOver } from '@nn/core';
import { trainingVariables } from '../programs/variables.ts';
import type { GivenBatch, StepNumbers } from './batch.ts';
import { ScalarInputs, expectSameInput, hostBatch, inputsOf, placedOn, placedOnHost, rowsOf, storesOf, withHintForBytes } from './batch.ts';
import type { Culprit } from './diagnosis.ts';
import { firstNonFinite } from './diagnosis.ts';
import type { BatchFigures } from './figureSums.ts';
import { HostTurn } from './hostTurn.ts';
import { learningRateAt, scheduledAt } from './learningRate.ts';
import { Lock } from './lock.ts';
import type { Plan } from './plan.ts';
import type { Compiled, HeldProgram } from './programCache.ts';
import type { HostVariables } from './residence.ts';
import { Residence } from './residence.ts';
import { requestOn } from './residentDataset.ts';
import type { StepFigures } from './results.ts';
import { batchFigures, stepFigures } from './results.ts';
import type { EpochProgress, TrainingState } from './state.ts';
import { betweenEpochs, effectiveSteps } from './state.ts';

/** A run that was handed to the device. */
export interface Started<Figures extends BatchFigures> {
  readonly figures: Promise<Figures>;
  /** Set when the program had to be compiled first. */
  readonly compiled: Compiled | undefined;
}

export interface StartedStep extends Started<StepFigures> {
  readonly step: number;
  readonly learningRate: number;
}

/** Everything that decides how training goes on, on the host. */
export interface Snapshot {
  readonly state: TrainingState;
  readonly variables: HostVariables;
}

/** A model whose input is known: what follows from the shapes. */
export interface BuiltModel {
  /** One sample. */
  readonly input: TensorSpec;
  /** All variables, slots included. */
  readonly specs: ReadonlyMap<string, VariableSpec>;
  /** What the model gives for one row. */
  readonly prediction: Structure<TensorSpec>;
  readonly network: Network;
}

export class Engine {
  readonly plan: Plan;
  /** One for all loops over data, however short each of them is. */
  readonly turn = new HostTurn();
  readonly #lock = new Lock();
  readonly #scalars = new ScalarInputs();
  /** Results on their way; what moves or replaces variables waits for them. */
  readonly #inFlight = new Set<Promise<unknown>>();
  #backend: Backend;
  #model: BuiltModel | undefined;
  #residence: Residence | undefined;
  #state: TrainingState;
  #disposed = false;

  constructor(plan: Plan, options: { readonly backend: Backend; readonly seed: number }) {
    this.plan = plan;
    this.#backend = options.backend;
    this.#state = { seed: options.seed, step: 0, epoch: 0 };
  }

  get backend(): Backend {
    return this.#backend;
  }

  get state(): TrainingState {
    return this.#state;
  }

  /** Undefined until the input is known. */
  get model(): BuiltModel | undefined {
    return this.#model;
  }

  /** Whether there are averages of the parameters: after the first update of a recipe that keeps them. */
  get hasAverages(): boolean {
    const { weightAverage, gradientAccumulation } = this.plan;
    return weightAverage !== undefined && effectiveSteps(this.#state) >= gradientAccumulation;
  }

  /** The programs in use, and what they take. */
  get programs(): readonly HeldProgram[] {
    return this.#residence?.programs.held ?? [];
  }

  /** Notes the figures of the epoch so far; how many batches are done, `train` notes. */
  noteFigures(figures: Pick<EpochProgress, 'figures' | 'seconds'>): void {
    const { progress } = this.#state;
    if (progress !== undefined) this.#state = { ...this.#state, progress: { ...progress, ...figures } };
  }

  /** The epoch is done. */
  endEpoch(): void {
    this.#state = { ...betweenEpochs(this.#state), epoch: this.#state.epoch + 1 };
  }

  /** The epoch begins anew. */
  abandonEpoch(): void {
    this.#state = betweenEpochs(this.#state);
  }

  /**
   * Declares and fills the variables for samples of that kind; later calls only compare.
   * @throws the typed errors of the layers and of the backend; ShapeError for other samples than before
   */
  async build(input: TensorSpec): Promise<BuiltModel> {
    return this.#lock.run(async () => {
      this.#expectAlive();
      if (this.#model === undefined) {
        const { plan } = this;
        const specs = withHintForBytes(input, () => trainingVariables({ ...plan, input }));
        const { output: prediction } = modelShape(plan.model, batchedSpec(input, 1));
        this.#residence = await Residence.create(this.#backend, fillVariables(specs, this.#state.seed), plan.trace);
        this.#model = { input, specs, prediction, network: this.#networkFor(input) };
      }
      expectSameInput(input, this.#model.input);
      return this.#model;
    });
  }

  /** Hands one training step to the device, and notes how far the epoch is with it. */
  async train(batch: GivenBatch, progress?: EpochProgress): Promise<StartedStep> {
    return this.#lock.run(async () => {
      // The numbers of a step depend on whether the one before was left out, which its figures say.
      if (this.plan.skipsNonFinite) await this.#landed();
      const { backend, programs, store } = this.#here();
      const placed = await placedOn(backend, batch);
      const numbers = this.#nextNumbers();
      const { executable, compiled } = await programs.get({ purpose: 'training', ...placed.request });
      const outputs = executable.run(storesOf(store, placed), this.#scalars.with(executable.program, placed, numbers));
      const { learningRate } = numbers;
      const step = this.#state.step + 1;
      this.#state = { ...betweenEpochs(this.#state), step, ...(progress === undefined ? {} : { progress }) };
      return { step, learningRate, compiled, figures: this.#follow(this.#noteSkipped(stepFigures(executable, outputs, rowsOf(batch)))) };
    });
  }

  /** Hands one batch of an evaluation to the device. */
  async evaluate(batch: GivenBatch): Promise<Started<BatchFigures>> {
    return this.#lock.run(async () => {
      const { backend, programs, store } = this.#here();
      const placed = await placedOn(backend, batch);
      const { executable, compiled } = await programs.get({ purpose: 'evaluation', ...placed.request, averaged: this.hasAverages });
      const outputs = executable.run(
        storesOf(store, placed),
        this.#scalars.with(executable.program, placed, { seed: this.#state.seed, step: effectiveSteps(this.#state), learningRate: 0 }),
      );
      return { compiled, figures: this.#follow(batchFigures(executable, outputs, rowsOf(batch))) };
    });
  }

  /** Where the next step would first become non-finite on `batch`. */
  async diagnose(batch: GivenBatch): Promise<Culprit | undefined> {
    return this.whenIdle(async (residence) => {
      const placed = placedOnHost(hostBatch(batch));
      const program = this.plan.trace({ purpose: 'training', ...placed.request });
      return firstNonFinite(program, residence, inputsOf(program, placed, this.#nextNumbers()));
    });
  }

  /** Runs `task` when no step is under way, and lets none begin before it is done. */
  async whenIdle<R>(task: (residence: Residence) => Promise<R>): Promise<R> {
    return this.#lock.run(async () => {
      await this.#landed();
      return task(this.#here());
    });
  }

  /**
   * Multiplies the learning rate of all later steps by a factor, but goes no lower than `minimum`.
   * @returns the rate of the next step before and after
   */
  scaleLearningRate(factor: number, minimum: number): { readonly before: number; readonly after: number } {
    const before = this.#nextNumbers().learningRate;
    const after = Math.min(before, Math.max(before * factor, minimum));
    const { learningRateFactor = 1 } = this.#state;
    if (before > 0) this.#state = { ...this.#state, learningRateFactor: learningRateFactor * (after / before) };
    return { before, after };
  }

  /** Lets `task` set starting values and notes that it has. On failure all is as before. */
  async prepare(task: (residence: Residence) => Promise<void>): Promise<void> {
    await this.whenIdle(async (residence) => {
      const before = await residence.readAll();
      try {
        await task(residence);
      } catch (error) {
        residence.writeAll(before);
        throw error;
      }
      this.#state = { ...this.#state, prepared: true };
    });
  }

  /** Copies everything to the host. */
  async snapshot(): Promise<Snapshot> {
    return this.whenIdle(async (residence) => ({ state: this.#state, variables: await residence.readAll() }));
  }

  /** Goes back to a snapshot. */
  async restore({ state, variables }: Snapshot): Promise<void> {
    await this.whenIdle(async (residence) => {
      residence.writeAll(variables);
      this.#state = state;
    });
  }

  /** Waits for the running step and moves everything to another backend. On failure nothing has changed. */
  async moveTo(backend: Backend): Promise<void> {
    await this.#lock.run(async () => {
      this.#expectAlive();
      await this.#landed();
      const old = this.#residence;
      if (old !== undefined) {
        const requests = old.programs.requests.map((request) => requestOn(backend, request));
        this.#residence = await Residence.create(backend, await old.readAll(), this.plan.trace, requests);
      }
      this.#backend = backend;
      await old?.dispose();
    });
  }

  async dispose(): Promise<void> {
    await this.#lock.run(async () => {
      if (this.#disposed) return;
      this.#disposed = true;
      await this.#landed();
      await this.#model?.network.dispose();
      await this.#residence?.dispose();
    });
  }

  #networkFor(input: TensorSpec): Network {
    const here = (): Residence => this.#here();
    // Looked up at every use, so that the network follows `moveTo`.
    const placement = {
      get backend() {
        return here().backend;
      },
      get store() {
        return here().store;
      },
    };
    return networkOver(placement, { model: this.plan.model, input, seed: this.#state.seed });
  }

  /** The numbers of the step after those that had an effect. */
  #nextNumbers(): StepNumbers {
    const { seed, learningRateFactor = 1 } = this.#state;
    const { optimizer, gradientAccumulation } = this.plan;
    const step = effectiveSteps(this.#state) + 1;
    const update = Math.ceil(step / gradientAccumulation);
    const learningRate = learningRateFactor * learningRateAt(optimizer.learningRate, update);
    return { seed, step, learningRate, scheduled: scheduledAt(optimizer, update) };
  }

  /** Notes a step that its program has left out. */
  async #noteSkipped(arriving: Promise<StepFigures>): Promise<StepFigures> {
    const figures = await arriving;
    if (!figures.finite && this.plan.skipsNonFinite) this.#state = { ...this.#state, skipped: (this.#state.skipped ?? 0) + 1 };
    return figures;
  }

  async #landed(): Promise<void> {
    await Promise.allSettled(this.#inFlight);
  }

  #follow<Figures>(figures: Promise<Figures>): Promise<Figures> {
    const forget = (): void => {
      this.#inFlight.delete(figures);
    };
    this.#inFlight.add(figures);
    // Whoever reads the figures gets their error; here it must not count as unhandled.
    figures.then(forget, forget);
    return figures;
  }

  #here(): Residence {
    this.#expectAlive();
    return this.#residence!;
  }

  #expectAlive(): void {
    if (this.#disposed) throw new DisposedError('This trainer was disposed.');
  }
}
