// `fit`: what it learns, counts and reports; data in every form; the last batch; early stopping; being stopped.
import { referenceBackend } from '@nn/backend-reference';
import { constant } from '@nn/initializers';
import { dataset } from '@nn/data';
import { dense, relu, sequential } from '@nn/layers';
import { sgd } from '@nn/optim';
import { describe, expect, it } from 'vitest';
import { earlyStopping } from '../callbacks/earlyStopping.ts';
import type { StepEvent, TrainingEvent } from '../events.ts';
import { meanSquaredError } from '../losses/meanSquaredError.ts';
import { blobs } from '../testing/blobs.ts';
import { modelVariables, smallTrainer } from '../testing/smallTrainer.ts';
import { wrappedBackend } from '../testing/wrappedBackend.ts';
import { createTrainer } from './createTrainer.ts';

const train = blobs(96);
const validation = blobs(30, 2);

/** A callback and what it heard. */
function listener(): { heard: TrainingEvent[]; callback: (event: TrainingEvent) => void } {
  const heard: TrainingEvent[] = [];
  return { heard, callback: (event) => void heard.push(event) };
}

describe('fit', () => {
  it('learns, and returns the figures of every epoch', async () => {
    const trainer = await smallTrainer();
    const { epochs, stopped } = await trainer.fit(train, { epochs: 8, batchSize: 16, validation });
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(Object.keys(epochs[0]!)).toEqual([
      'epoch',
      'loss',
      'accuracy',
      'validationLoss',
      'validationAccuracy',
      'seconds',
      'samplesPerSecond',
    ]);
    expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0]!.loss / 2);
    expect(epochs.at(-1)!['validationAccuracy']).toBeGreaterThan(0.9);
    expect(stopped).toBeUndefined();
    expect([trainer.epoch, trainer.step]).toEqual([8, 48]);
  });

  it('weighs a short last batch by its rows', async () => {
    // Without a learning rate the loss of the epoch is the loss over all rows, whatever the batches.
    const trainer = await smallTrainer({ optimizer: sgd({ learningRate: 0 }), model: sequential(dense(3)), input: [2] });
    const { epochs } = await trainer.fit(train, { batchSize: 36 });
    const { loss, accuracy } = await trainer.evaluate(train);
    expect(epochs[0]!.loss).toBeCloseTo(loss, 10);
    expect(epochs[0]!['accuracy']).toBe(accuracy);
  });

  it('gives the same bits for the same seed and others for another', async () => {
    const run = async (seed: number) => {
      const trainer = await smallTrainer({ seed });
      await trainer.fit(train, { epochs: 2, batchSize: 16 });
      return modelVariables(trainer);
    };
    const [first, again, other] = [await run(7), await run(7), await run(8)];
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
  });

  it('counts epochs over several calls and shuffles each differently', async () => {
    const [once, twice] = [await smallTrainer(), await smallTrainer()];
    await once.fit(train, { epochs: 3, batchSize: 16 });
    await twice.fit(train, { epochs: 1, batchSize: 16 });
    const { epochs } = await twice.fit(train, { epochs: 2, batchSize: 16 });
    expect(epochs.map(({ epoch }) => epoch)).toEqual([2, 3]);
    expect(await modelVariables(twice)).toEqual(await modelVariables(once));
  });

  it('takes nested numbers, data sets and generators alike', async () => {
    const nested = { x: train.x.toArray(), y: train.y.toArray() } as { x: number[][]; y: number[] };
    const batches = async function* () {
      for (const batch of dataset(train).batches({ batchSize: 16 })) yield batch;
    };
    const oddBatches = () => [
      { x: nested.x.slice(0, 50), y: nested.y.slice(0, 50) },
      { x: nested.x.slice(50), y: nested.y.slice(50) },
    ];
    const results = [];
    for (const data of [train, nested, dataset(train), batches, oddBatches]) {
      const trainer = await smallTrainer();
      await trainer.fit(data, { epochs: 2, batchSize: 16, shuffle: false });
      results.push(await modelVariables(trainer));
    }
    for (const result of results) expect(result).toEqual(results[0]);
  });

  it('takes a generator that can be read once, as the first data it sees', async () => {
    const trainer = await smallTrainer();
    const once = (function* () {
      yield* dataset(train).batches({ batchSize: 16 });
    })();
    const { epochs } = await trainer.fit(once);
    expect(epochs).toHaveLength(1);
    expect(trainer.step).toBe(6);
  });

  it('does nothing in no epochs', async () => {
    const trainer = await smallTrainer();
    expect(await trainer.fit(train, { epochs: 0 })).toEqual({ epochs: [] });
    expect(trainer.step).toBe(0);
  });

  it('trains regression with a custom loss', async () => {
    const trainer = await createTrainer({
      model: sequential(dense(1, { kernelInitializer: constant(0) })),
      loss: (prediction, target) => prediction.sub(target).square().mean(1),
      optimizer: sgd({ learningRate: 0.1 }),
      backend: referenceBackend(),
    });
    const x = [[-1], [0], [1], [2]];
    await trainer.fit({ x, y: x.map(([value]) => [3 * value! + 1]) }, { epochs: 200, batchSize: 4 });
    expect((await trainer.predict([5])).item()).toBeCloseTo(16, 3);
  });

  it('trains with a custom step, whose figures are in the history', async () => {
    const trainer = await createTrainer({
      model: sequential(dense(8), relu(), dense(2)),
      step({ batch, apply }) {
        const errors = apply(batch.x).sub(batch.x);
        return { loss: errors.square().mean(), metrics: { error: errors.abs().mean(1) } };
      },
      optimizer: sgd({ learningRate: 0.1 }),
      backend: referenceBackend(),
    });
    const { epochs } = await trainer.fit(train, { epochs: 3, batchSize: 16, validation });
    expect(Object.keys(epochs[0]!)).toEqual(['epoch', 'loss', 'error', 'validationLoss', 'validationError', 'seconds', 'samplesPerSecond']);
    expect(epochs[2]!['error']!).toBeLessThan(epochs[0]!['error']!);
  });

  it('refuses to run twice at once', async () => {
    const trainer = await smallTrainer();
    const first = trainer.fit(train, { batchSize: 16 });
    await expect(trainer.fit(train)).rejects.toThrow('training already');
    await first;
    await trainer.fit(train, { batchSize: 16 });
  });
});

describe('the inputs of the steps', () => {
  it('are the seed, the step counted from 1 and the rate of the schedule', async () => {
    const { backend, runs } = wrappedBackend();
    const trainer = await smallTrainer({ backend, seed: 2 ** 32 - 1, optimizer: sgd({ learningRate: (step) => step / 8 }) });
    await trainer.fit(train, { batchSize: 32 });
    await trainer.fit(train, { batchSize: 32 });
    const scalars = runs.map(({ seed, step, learningRate }) => [seed!.item(), step!.item(), learningRate!.item()]);
    expect(scalars).toEqual([1, 2, 3, 4, 5, 6].map((step) => [-1, step, step / 8]));
  });

  it('are the batches of the data set for seed and epoch', async () => {
    const { backend, runs } = wrappedBackend();
    await (await smallTrainer({ backend, seed: 5 })).fit(train, { batchSize: 32, epochs: 2 });
    const order = (epoch: number) => [...dataset(train).batches({ batchSize: 32, shuffle: true, seed: 5, epoch })];
    expect(runs.map(({ x, y }) => ({ x, y }))).toEqual([...order(0), ...order(1)]);
    expect(runs[3]!['x']).not.toEqual(runs[0]!['x']);
  });
});

it('ends with the error of a run that fails, at the beginning of that epoch, from where the next fit goes on', async () => {
  const { backend } = wrappedBackend({}, { failing: 9 });
  const [whole, failed] = [await smallTrainer(), await smallTrainer({ backend })];
  await whole.fit(train, { epochs: 2, batchSize: 16 });
  await expect(failed.fit(train, { epochs: 2, batchSize: 16 })).rejects.toMatchObject({ code: 'backend.lost' });
  expect([failed.step, failed.epoch]).toEqual([6, 1]);
  await failed.fit(train, { epochs: 1, batchSize: 16 });
  expect(await modelVariables(failed)).toEqual(await modelVariables(whole));
});

describe('the batches of fit', () => {
  const rowsOfSteps = (heard: readonly TrainingEvent[]): number[] =>
    heard.filter((event): event is StepEvent => event.type === 'step').map(({ rows }) => rows);

  it.each([
    [{ lastBatch: 'keep' }, [40, 40, 16]],
    [{ lastBatch: 'drop' }, [40, 40]],
    [{ lastBatch: 'merge' }, [40, 56]],
  ] as const)('follow the rule %o and need at most two programs', async (rule, rows) => {
    const { heard, callback } = listener();
    await (await smallTrainer()).fit(train, { batchSize: 40, epochs: 2, callbacks: [callback], ...rule });
    expect(rowsOfSteps(heard)).toEqual([...rows, ...rows]);
    expect(heard.filter(({ type }) => type === 'compile')).toHaveLength(new Set(rows).size);
  });

  it('join the batch before when they would leave one value per channel, and this is reported', async () => {
    const { heard, callback } = listener();
    const warnings: string[] = [];
    const trainer = await smallTrainer({ onWarning: ({ code }) => warnings.push(code) });
    await trainer.fit(blobs(33), { batchSize: 16, callbacks: [callback] });
    expect(rowsOfSteps(heard)).toEqual([16, 17]);
    expect(warnings).toEqual(['train.last-batch-joined']);
    expect(heard.find(({ type }) => type === 'warning')).toMatchObject({ message: expect.stringContaining('The last 1 of 33 rows') });
  });

  it('of a stream join the batch before too, as its end is not known', async () => {
    const { heard, callback } = listener();
    const stream = () => [blobs(33)];
    const trainer = await smallTrainer();
    await trainer.fit(stream, { batchSize: 16, callbacks: [callback] });
    expect(rowsOfSteps(heard)).toEqual([16, 17]);
    expect(heard.filter(({ type }) => type === 'warning')).toMatchObject([{ code: 'train.last-batch-joined' }]);
  });

  it('stay as they are where one row is no problem', async () => {
    const { heard, callback } = listener();
    const trainer = await smallTrainer({ model: sequential(dense(3)) });
    await trainer.fit(blobs(33), { batchSize: 16, callbacks: [callback] });
    expect(rowsOfSteps(heard)).toEqual([16, 16, 1]);
  });

  it('of one row are refused before the first step where the model needs more', async () => {
    const trainer = await smallTrainer();
    await expect(trainer.fit(train, { batchSize: 1 })).rejects.toThrow('batchNorm1: batchNorm cannot train on x f32[1, 6]');
    expect(trainer.step).toBe(0);
  });
});

describe('early stopping', () => {
  /** One number, a rate that grows until training diverges from its best: the validation loss has its minimum in between. */
  const wandering = () =>
    createTrainer({
      model: sequential(dense(1, { bias: false, kernelInitializer: constant(0) })),
      loss: meanSquaredError(),
      optimizer: sgd({ learningRate: 0.1 }),
      backend: referenceBackend(),
    });
  const towardsFour = { x: [[1]], y: [[4]] };
  const bestAtTwo = { x: [[1]], y: [[2]] };

  it('ends when patience has run out', async () => {
    const trainer = await wandering();
    const history = await trainer.fit(towardsFour, { epochs: 50, validation: bestAtTwo, earlyStopping: earlyStopping({ patience: 2 }) });
    const losses = history.epochs.map((figures) => figures['validationLoss']!);
    const best = losses.indexOf(Math.min(...losses));
    expect(history.stopped).toBe('earlyStopping');
    expect(losses).toHaveLength(best + 1 + 2);
    expect(history.restoredEpoch).toBeUndefined();
  });

  it('goes back to the best epoch if asked to', async () => {
    const trainer = await wandering();
    const rule = earlyStopping({ patience: 3, restoreBest: true });
    const history = await trainer.fit(towardsFour, { epochs: 50, validation: bestAtTwo, earlyStopping: rule });
    const losses = history.epochs.map((figures) => figures['validationLoss']!);
    const best = losses.indexOf(Math.min(...losses));
    expect(history.restoredEpoch).toBe(best + 1);
    expect((await trainer.evaluate(bestAtTwo)).loss).toBe(losses[best]);
    expect(trainer.epoch).toBe(best + 1);
  });

  it('has nothing to go back to when the last epoch is the best, and goes back by one if it is the one before', async () => {
    const rule = earlyStopping({ patience: 1, restoreBest: true });
    const improving = await (await wandering()).fit(towardsFour, { epochs: 3, validation: towardsFour, earlyStopping: rule });
    expect(improving.restoredEpoch).toBeUndefined();
    const trainer = await wandering();
    const { epochs, restoredEpoch } = await trainer.fit(towardsFour, { epochs: 50, validation: bestAtTwo, earlyStopping: rule });
    expect([restoredEpoch, trainer.epoch]).toEqual([epochs.length - 1, epochs.length - 1]);
  });

  it('goes back also when the epochs have run out first', async () => {
    const trainer = await wandering();
    const rule = earlyStopping({ patience: 99, restoreBest: true });
    const history = await trainer.fit(towardsFour, { epochs: 12, validation: bestAtTwo, earlyStopping: rule });
    expect(history.stopped).toBeUndefined();
    expect(history.restoredEpoch).toBeLessThan(12);
  });

  it('refuses to watch what there is not, before the first step', async () => {
    const trainer = await wandering();
    const fit = (monitor: string) => trainer.fit(towardsFour, { earlyStopping: earlyStopping({ monitor }) });
    await expect(fit('validationLoss')).rejects.toThrow('Give validation data to fit');
    await expect(fit('los')).rejects.toThrow('Did you mean "loss"?');
    expect(trainer.step).toBe(0);
  });

  it('watches what a step gives in validation alone', async () => {
    const trainer = await createTrainer({
      model: dense(1),
      step({ batch, apply, training }) {
        const distance = apply(batch.x).sub(batch.y).abs().mean();
        return training ? { loss: distance } : { loss: distance, metrics: { distance } };
      },
      optimizer: sgd(),
      backend: referenceBackend(),
    });
    const rule = { monitor: 'validationDistance' };
    await expect(trainer.fit(towardsFour, { epochs: 2, earlyStopping: rule })).rejects.toThrow('Give validation data to fit');
    const { epochs } = await trainer.fit(towardsFour, { epochs: 2, validation: towardsFour, earlyStopping: rule });
    expect(epochs.map(({ validationDistance }) => validationDistance)).toEqual(epochs.map(({ validationLoss }) => validationLoss));
  });
});

describe('stopping fit', () => {
  const stopAfter = (steps: number) => {
    const controller = new AbortController();
    const callback = (event: TrainingEvent) => {
      if (event.type === 'step' && event.step === steps) controller.abort();
    };
    return { signal: controller.signal, callbacks: [callback] };
  };

  it('ends after the running step, says so, and the next fit goes on within the epoch', async () => {
    const [whole, stopped] = [await smallTrainer(), await smallTrainer()];
    const uninterrupted = await whole.fit(train, { epochs: 3, batchSize: 16 });
    const first = await stopped.fit(train, { epochs: 3, batchSize: 16, ...stopAfter(8) });
    expect(first.stopped).toBe('aborted');
    expect(first.epochs).toHaveLength(1);
    // Step 9 was under way when step 8 was reported.
    expect([stopped.step, stopped.epoch]).toEqual([9, 1]);
    const rest = await stopped.fit(train, { epochs: 2, batchSize: 16 });
    expect(await modelVariables(stopped)).toEqual(await modelVariables(whole));
    expect(rest.epochs.map(({ epoch, loss }) => ({ epoch, loss }))).toEqual(
      uninterrupted.epochs.slice(1).map(({ epoch, loss }) => ({ epoch, loss })),
    );
  });

  it('begins the epoch anew, and says so, when the next fit has other data', async () => {
    const { heard, callback } = listener();
    const trainer = await smallTrainer({ callbacks: [callback] });
    await trainer.fit(train, { batchSize: 16, ...stopAfter(2) });
    await trainer.fit(blobs(64, 3), { batchSize: 16 });
    expect(heard.find(({ type }) => type === 'warning')).toMatchObject({ code: 'train.epoch-abandoned' });
    expect(trainer.step).toBe(3 + 4);
  });

  it('does not begin when the signal has fired before', async () => {
    const trainer = await smallTrainer();
    const history = await trainer.fit(train, { signal: AbortSignal.abort() });
    expect(history).toEqual({ epochs: [], stopped: 'aborted' });
    expect(trainer.step).toBe(0);
  });

  it('lets timers fire although the backend computes inline', async () => {
    const trainer = await smallTrainer();
    const history = await trainer.fit(blobs(6), { epochs: 1e6, signal: AbortSignal.timeout(60) });
    expect(history.stopped).toBe('aborted');
  });
});

it('refuses options that fit does not have', async () => {
  const trainer = await smallTrainer();
  await expect(trainer.fit(train, { validationData: validation } as object)).rejects.toThrow('Give validation.');
  await expect(trainer.fit(train, { epochs: 1.5 })).rejects.toMatchObject({ name: 'ConfigError' });
  await expect(trainer.fit(train, { callbacks: [undefined] as never })).rejects.toThrow('list of functions');
  await expect(trainer.fit(train, { earlyStopping: { patience: -1 } })).rejects.toMatchObject({ name: 'ConfigError' });
  await expect(trainer.fit(train, { batchSize: 0 })).rejects.toMatchObject({ name: 'ConfigError' });
  await expect(trainer.fit(train, { lastBatch: 'pad' as 'keep' })).rejects.toMatchObject({ name: 'ConfigError' });
  expect(trainer.step).toBe(0);
});
