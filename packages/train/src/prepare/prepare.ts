// Runs the preparations of a trainer on the first batch that `fit` will train on.
import type { AnyLayer, Executable, NdArray, VariableSpec } from '@nn/core';
import { batchedSpec, modelShape } from '@nn/core';
import type { Batch } from '@nn/data';
import { Dataset } from '@nn/data';
import { inputsOf, requestFor, rowsOf } from '../trainer/batch.ts';
import type { Emit } from '../trainer/emit.ts';
import type { Engine } from '../trainer/engine.ts';
import { peek } from '../trainer/peek.ts';
import type { Plan } from '../trainer/plan.ts';
import type { Residence } from '../trainer/residence.ts';
import { withoutRows } from '../trainer/rows.ts';
import type { TrainingSource } from '../trainer/sources.ts';
import { batchOptions } from '../trainer/sources.ts';
import type { TrainingState } from '../trainer/state.ts';
import type { StartingModel } from './preparation.ts';

/**
 * Lets the preparations set starting values, once: a trainer that has taken a step or was prepared stays as it is.
 * @returns the training data; of a stream the batch that was looked at is given again
 * @throws what a preparation throws, all variables being as before
 */
export async function prepareStart(engine: Engine, emit: Emit, training: TrainingSource): Promise<TrainingSource> {
  const { plan, state } = engine;
  if (plan.preparations.length === 0 || state.step > 0 || state.prepared === true) return training;
  const { first, source } = await firstBatch(engine, training);
  if (first === undefined) return training;
  const warnings: string[] = [];
  const done: { readonly by: string; readonly seconds: number }[] = [];
  await engine.prepare(async (residence) => {
    for (const preparation of plan.preparations) {
      const begin = performance.now();
      await withStartingModel({ plan, residence, batch: first, state, warnings }, (start) => preparation.prepare(start));
      done.push({ by: preparation.kind, seconds: (performance.now() - begin) / 1000 });
    }
  });
  for (const message of warnings) await emit({ type: 'warning', code: 'train.preparation', message });
  for (const { by, seconds } of done) await emit({ type: 'prepared', by, rows: rowsOf(first), seconds });
  return { ...training, source };
}

/** The first batch of the coming epoch. */
async function firstBatch(engine: Engine, training: TrainingSource): Promise<Awaited<ReturnType<typeof peek>>> {
  const { source } = training;
  const options = batchOptions(training, engine, 0);
  if (!(source instanceof Dataset)) return peek(source, options);
  const [first] = source.batches(options);
  return { first, source };
}

interface Place {
  readonly plan: Plan;
  readonly residence: Residence;
  readonly batch: Batch;
  readonly state: TrainingState;
  readonly warnings: string[];
}

async function withStartingModel(place: Place, task: (start: StartingModel) => Promise<void>): Promise<void> {
  const start = new StartingVariables(place);
  try {
    await task(start);
  } finally {
    await start.release();
  }
}

class StartingVariables implements StartingModel {
  readonly layers: ReadonlyMap<string, AnyLayer>;
  readonly variables: ReadonlyMap<string, VariableSpec>;
  readonly #place: Place;
  /** The program of the layer that was asked for last: it is asked again after its variables have changed. */
  #compiled: { readonly path: string; readonly executable: Executable } | undefined;

  constructor(place: Place) {
    this.#place = place;
    const { layers, specs } = modelShape(place.plan.model, batchedSpec(withoutRows(place.batch.x), 1));
    this.layers = new Map(Array.from(layers, ([path, { layer }]) => [path, layer]));
    this.variables = specs;
  }

  async output(path: string): Promise<NdArray> {
    const { residence, batch, state } = this.#place;
    const executable = await this.#executable(path);
    // Steps count from 1: random layers draw numbers here that no step draws.
    const numbers = { seed: state.seed, step: 0, learningRate: 0 };
    return executable.run(residence.store, inputsOf(executable.program, batch, numbers)).read('y');
  }

  async read(path: string): Promise<NdArray> {
    return this.#place.residence.store.read(path);
  }

  write(path: string, value: NdArray): void {
    this.#place.residence.store.write(path, value);
  }

  warn(message: string): void {
    this.#place.warnings.push(message);
  }

  async release(): Promise<void> {
    await this.#compiled?.executable.dispose();
    this.#compiled = undefined;
  }

  async #executable(path: string): Promise<Executable> {
    if (this.#compiled?.path === path) return this.#compiled.executable;
    await this.release();
    const { plan, residence, batch } = this.#place;
    const executable = await residence.backend.compile(plan.traceLayer(requestFor('training', batch), path));
    this.#compiled = { path, executable };
    return executable;
  }
}
