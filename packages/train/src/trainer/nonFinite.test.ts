// Steps that are not finite: an error that says where it began and a trainer that is back where it was, or a step left out.
import { NdArray, decodeSafetensors, full, mul } from '@nn/core';
import { dataset } from '@nn/data';
import { constant } from '@nn/initializers';
import { block, dense, sequential } from '@nn/layers';
import { adagrad, adam, sgd, stepDecay } from '@nn/optim';
import { describe, expect, it } from 'vitest';
import { exponentialAverage } from '../averaging/exponentialAverage.ts';
import type { TrainingEvent } from '../events.ts';
import type { History } from '../history.ts';
import { meanSquaredError } from '../losses/meanSquaredError.ts';
import { blobs } from '../testing/blobs.ts';
import { smallModel, smallTrainer } from '../testing/smallTrainer.ts';
import { wrappedBackend } from '../testing/wrappedBackend.ts';
import type { TrainerOptions } from './createTrainer.ts';
import type { Trainer } from './trainer.ts';

const data = blobs(64);
const epoch = { batchSize: 16 };

/** Samples that pass every check of the data and whose squares are infinite. */
const huge = (rows: number): NdArray => new NdArray(new Float64Array(rows * 2).fill(1e200), [rows, 2], 'f32');

describe('a loss that is not finite', () => {
  const layers = sequential(dense(4, { kernelInitializer: constant(0.1) }), dense(1, { kernelInitializer: constant(0.1) }));

  it('is a NumericError that names step and layer, and the trainer is back at the beginning of the epoch', async () => {
    const events: TrainingEvent[] = [];
    const wild = (step: number): number => (step < 10 ? 0.05 : 1e38);
    const trainer = await smallTrainer({
      model: layers,
      loss: meanSquaredError(),
      metrics: [],
      optimizer: sgd({ learningRate: wild }),
      callbacks: [(event) => void events.push(event)],
    });
    const targets = { x: data.x, y: full([64, 1], 1) };
    await trainer.fit(targets, { ...epoch, epochs: 2 });
    const before = await trainer.toCheckpoint();
    const failure = trainer.fit(targets, { ...epoch, epochs: 20 });
    await expect(failure).rejects.toMatchObject({ name: 'NumericError', code: 'numeric.non-finite' });
    // Epoch 3 is steps 9 to 12; two steps at the wild rate are needed before squares leave the range of float64.
    await expect(failure).rejects.toThrow(
      /^Step 12 \(epoch 3\): the loss is Infinity\. It began with -?Infinity in (dense\d|loss) \(\w+, forward\)\. The trainer is back at the state after step 8\./,
    );
    expect(await trainer.toCheckpoint()).toEqual(before);
    const warnings = events.filter((event) => event.type === 'warning');
    expect(warnings).toMatchObject([{ code: 'train.replaying', message: expect.stringContaining('The 3 steps before it are repeated') }]);
  });

  it('is located without repeating anything in the first step of an epoch', async () => {
    const events: TrainingEvent[] = [];
    const trainer = await smallTrainer({
      model: layers,
      loss: meanSquaredError(),
      metrics: [],
      callbacks: [(event) => void events.push(event)],
    });
    const stream = () => [{ x: huge(16), y: full([16, 1], 1) }];
    await expect(trainer.fit(stream)).rejects.toThrow('It began with Infinity in loss (map, forward)');
    expect(events.filter(({ type }) => type === 'warning')).toEqual([]);
  });

  it('names the variable that holds it already', async () => {
    const trainer = await smallTrainer({ input: [2] });
    trainer.network.write('dense2/bias', full([3], NaN));
    await expect(trainer.fit(data)).rejects.toThrow('It began with NaN in the variable dense2/bias.');
  });

  it('names the input, where the check of the data was turned off', async () => {
    const trainer = await smallTrainer();
    const unchecked = dataset({ ...data, x: full([64, 2], NaN), allowNonFinite: true });
    await expect(trainer.fit(unchecked)).rejects.toThrow('It began with NaN in the input x.');
  });

  it('is not located in a stream that cannot be repeated', async () => {
    const trainer = await smallTrainer({ model: layers, loss: meanSquaredError(), metrics: [] });
    const good = { x: full([16, 2], 1), y: full([16, 1], 1) };
    const failure = trainer.fit(() => [good, { ...good, x: huge(16) }]);
    await expect(failure).rejects.toThrow('Step 2 (epoch 1): the loss is Infinity. The trainer is back at the state after step 0.');
  });

  it('does not stop training when such steps are left out', async () => {
    const events: TrainingEvent[] = [];
    const [clean, skipping] = await Promise.all([
      smallTrainer({ model: layers, loss: meanSquaredError(), metrics: [], optimizer: sgd({ learningRate: 0.1 }) }),
      smallTrainer({
        model: layers,
        loss: meanSquaredError(),
        metrics: [],
        optimizer: sgd({ learningRate: 0.1 }),
        onNonFinite: 'skip',
        callbacks: [(event) => void events.push(event)],
      }),
    ]);
    const good = [...dataset({ x: data.x, y: full([64, 1], 1) }).batches(epoch)];
    const bad = { x: huge(16), y: full([16, 1], 1) };
    const expected = await clean.fit(() => good);
    const actual = await skipping.fit(() => [good[0]!, bad, ...good.slice(1)]);
    expect(actual.epochs[0]!.loss).toBe(expected.epochs[0]!.loss);
    expect(await skipping.predict([1, 2])).toEqual(await clean.predict([1, 2]));
    const warnings = events.filter((event) => event.type === 'warning');
    expect(warnings).toEqual([
      { type: 'warning', code: 'train.step-skipped', message: 'Step 2 was left out: the loss is Infinity. All variables are as before.' },
    ]);
  });
});

describe('a step that is left out', () => {
  const good = [...dataset(data).batches({ batchSize: 16 })];
  const bad = { x: huge(16), y: full([16], 0, 'i32') };
  /** With bad batches before the good ones of these numbers. */
  const withBad = (...at: readonly number[]) =>
    good.flatMap((batch, index) => [...at.filter((place) => place === index).map(() => bad), batch]);
  // The model squares its input, so that bad batches are infinite in it.
  const squares = block((x, call) => call('small', smallModel, mul(x, x)));
  // Results come late, so that a step could begin before those of the last one are known.
  const trainerOf = (options: Partial<TrainerOptions>) =>
    smallTrainer({ model: squares, onNonFinite: 'skip', backend: wrappedBackend({}, { delay: 1 }).backend, ...options });
  const everything = async (trainer: Trainer): Promise<unknown> => {
    const { tensors } = decodeSafetensors(await trainer.toCheckpoint());
    return new Map(Array.from(tensors, ([path, array]) => [path, array.toArray()]));
  };

  it.each<[string, Partial<TrainerOptions>]>([
    ['adam', { optimizer: adam({ learningRate: 0.02 }) }],
    ['adam with amsgrad and a schedule of beta1', { optimizer: adam({ amsgrad: true, beta1: (step) => 0.8 + step / 100 }) }],
    ['adagrad, whose rate falls', { optimizer: adagrad({ learningRateDecay: 0.5 }) }],
    ['a schedule of the rate', { optimizer: sgd({ learningRate: stepDecay({ initial: 0.1, factor: 0.5, every: 1 }) }) }],
    ['averaged weights', { weightAverage: exponentialAverage({ decay: 0.5, warmUp: true }) }],
    ['accumulated gradients', { gradientAccumulation: 2, weightAverage: exponentialAverage({ decay: 0.5 }) }],
  ])('is as if its batch had not been there: %s', async (_, options) => {
    const [clean, skipping] = [await trainerOf(options), await trainerOf(options)];
    const expected = await clean.fit(() => good, { epochs: 2 });
    const found = await skipping.fit(() => withBad(0, 2, 2), { epochs: 2 });
    const losses = (history: History) => history.epochs.map(({ loss }) => loss);
    expect(losses(found)).toEqual(losses(expected));
    expect(await everything(skipping)).toEqual(await everything(clean));
    expect(await skipping.evaluate(data)).toEqual(await clean.evaluate(data));
    expect([skipping.step, clean.step]).toEqual([14, 8]);
  });

  it('is counted in checkpoints, and on the next backend', async () => {
    const [clean, first] = [await trainerOf({}), await trainerOf({})];
    await clean.fit(() => good, { epochs: 3 });
    await first.fit(() => withBad(1, 3));
    await first.moveTo(wrappedBackend().backend);
    await first.fit(() => withBad(0));
    const second = await trainerOf({ onNonFinite: 'error' });
    await second.loadCheckpoint(await first.toCheckpoint());
    await second.fit(() => good);
    expect(await everything(second)).toEqual(await everything(clean));
    expect(second.step).toBe(clean.step + 3);
  });

  it('has a number, which the next one does not share', async () => {
    const steps: number[] = [];
    const trainer = await trainerOf({ callbacks: [(event) => void (event.type === 'step' && steps.push(event.step))] });
    await trainer.fit(() => withBad(1));
    expect(steps).toEqual([1, 2, 3, 4, 5]);
  });
});
