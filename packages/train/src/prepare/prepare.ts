// Runs the preparations of a trainer on the first batch that `fit` will train on.
import { Dataset } from '@nn/data';
import { rowsOf } from '../trainer/batch.ts';
import type { Emit } from '../trainer/emit.ts';
import type { Engine } from '../trainer/engine.ts';
import { peek } from '../trainer/peek.ts';
import type { TrainingSource } from '../trainer/sources.ts';
import { batchOptions } from '../trainer/sources.ts';
import type { StartingModel } from './preparation.ts';
import type { Place } from './startingVariables.ts';
import { StartingVariables } from './startingVariables.ts';

/**
 * Lets the preparations set starting values, once: a trainer that has taken a step or was prepared stays as it is.
 * @returns the training data; of a stream the batch that was looked at is given again
 * @throws what a preparation throws, all variables being as before
 */
export async function prepareStart(engine: Engine, emit: Emit, training: TrainingSource): Promise<TrainingSource> {
  const { plan, state, model } = engine;
  if (plan.preparations.length === 0 || state.step > 0 || state.prepared === true) return training;
  const { first, source } = await firstBatch(engine, training);
  if (first === undefined) return training;
  const warnings: string[] = [];
  const done: { readonly by: string; readonly seconds: number }[] = [];
  await engine.prepare(async (residence) => {
    for (const preparation of plan.preparations) {
      const begin = performance.now();
      await withStartingModel({ plan, specs: model!.specs, residence, batch: first, state, warnings }, (start) =>
        preparation.prepare(start),
      );
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

async function withStartingModel(place: Place, task: (start: StartingModel) => Promise<void>): Promise<void> {
  const start = new StartingVariables(place);
  try {
    await task(start);
    await start.settle();
  } finally {
    await start.release();
  }
}
