// Preparations: when they run, on what, what they see and may do, and that a failure leaves nothing behind.
import { referenceBackend } from '@nn/backend-reference';
import { ConfigError, NdArray, constant, full, mul, sum } from '@nn/core';
import { identity } from '@nn/initializers';
import { batchNorm, dense, dropout, relu, sequential } from '@nn/layers';
import { sgd } from '@nn/optim';
import { describe, expect, it } from 'vitest';
import type { TrainingEvent } from '../events.ts';
import { meanSquaredError } from '../losses/meanSquaredError.ts';
import { blobs } from '../testing/blobs.ts';
import { modelVariables, smallTrainer } from '../testing/smallTrainer.ts';
import { createTrainer } from '../trainer/createTrainer.ts';
import { exponentialAverage } from '../averaging/exponentialAverage.ts';
import { lsuv } from './lsuv.ts';
import type { Preparation, StartingModel } from './preparation.ts';

const data = blobs(24);

const preparation = (prepare: Preparation['prepare']): Preparation => ({ kind: 'test', options: {}, prepare });

/** Counts its runs. */
function counting(): Preparation & { runs: number } {
  const counter = { kind: 'counting', options: {}, runs: 0, prepare: async () => void counter.runs++ };
  return counter;
}

/** What `look` finds in the starting model. */
async function seen<T>(look: (start: StartingModel) => Promise<T>): Promise<T> {
  let found: T | undefined;
  const prepare = [preparation(async (start) => void (found = await look(start)))];
  await (await smallTrainer({ prepare, weightAverage: exponentialAverage() })).fit(data, { batchSize: 8 });
  return found!;
}

/** Eight rows. */
const rowsFrom = ({ data: values, shape: [, ...sample], dtype }: NdArray, row: number): NdArray => {
  const width = sample.reduce((size, extent) => size * extent, 1);
  return new NdArray(values.slice(row * width, (row + 8) * width), [8, ...sample], dtype);
};

describe('prepare', () => {
  it('runs once, before the first step, and not for a trainer that goes on', async () => {
    const counter = counting();
    const trainer = await smallTrainer({ prepare: [counter] });
    await trainer.fit(data, { epochs: 0 });
    expect(counter.runs).toBe(0);
    await trainer.fit(data);
    await trainer.fit(data);
    expect(counter.runs).toBe(1);
    const resumed = await smallTrainer({ prepare: [counter] });
    await resumed.loadCheckpoint(await trainer.toCheckpoint());
    await resumed.fit(data);
    expect(counter.runs).toBe(1);
  });

  it('does not run again when its start was saved before the first step', async () => {
    const counter = counting();
    const stop = new AbortController();
    const stopWhenPrepared = ({ type }: TrainingEvent): void => void (type === 'prepared' && stop.abort());
    const trainer = await smallTrainer({ prepare: [counter], callbacks: [stopWhenPrepared] });
    await trainer.fit(data, { signal: stop.signal });
    expect([trainer.step, counter.runs]).toEqual([0, 1]);
    const resumed = await smallTrainer({ prepare: [counter] });
    await resumed.loadCheckpoint(await trainer.toCheckpoint());
    for (const each of [trainer, resumed]) await each.fit(data);
    expect(counter.runs).toBe(1);
    expect(await modelVariables(resumed)).toEqual(await modelVariables(trainer));
  });

  it('says who prepared, after the run has begun', async () => {
    const events: TrainingEvent[] = [];
    await (
      await smallTrainer({
        prepare: [preparation(async (start) => start.warn('odd data'))],
        callbacks: [(event) => void events.push(event)],
      })
    ).fit(data, { batchSize: 8 });
    expect(events.slice(0, 3)).toEqual([
      { type: 'runStart', backend: 'reference', firstEpoch: 1, lastEpoch: 1, rows: 24 },
      { type: 'warning', code: 'train.preparation', message: 'odd data' },
      { type: 'prepared', by: 'test', rows: 8, seconds: expect.any(Number) as number },
    ]);
  });

  it('shows layers and variables in their order, without those of the optimizer', async () => {
    expect(await seen(async ({ layers, variables }) => [[...layers.keys()], [...variables.keys()]])).toEqual([
      ['', 'dense1', 'batchNorm1', 'relu1', 'dropout1', 'dense2'],
      [
        'dense1/kernel',
        'batchNorm1/gamma',
        'batchNorm1/beta',
        'batchNorm1/runningMean',
        'batchNorm1/runningVariance',
        'dense2/kernel',
        'dense2/bias',
      ],
    ]);
  });

  it('shows outputs in training, with the variables as they are', async () => {
    const { before, after, running } = await seen(async (start) => {
      const normalized = await start.output('batchNorm1');
      start.write('batchNorm1/beta', full([6], 5));
      return { before: normalized, after: await start.output('batchNorm1'), running: await start.read('batchNorm1/runningMean') };
    });
    expect(before.shape).toEqual([8, 6]);
    const meanOfFirstUnit = ({ data: values }: NdArray): number =>
      Array.from(values, (value, index) => (index % 6 === 0 ? value / 8 : 0)).reduce((total, part) => total + part);
    expect(meanOfFirstUnit(before)).toBeCloseTo(0, 6);
    expect(meanOfFirstUnit(after)).toBeCloseTo(5, 6);
    expect([...running.data]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('draws other random numbers than the steps, the same ones every time', async () => {
    // The sum says which of the values were kept.
    const weights = new NdArray(
      Float32Array.from({ length: 20 }, (_, index) => 2 ** index),
      [1, 20],
      'f32',
    );
    const drawn: number[] = [];
    const look = preparation(async (start) => {
      for (const output of [await start.output('dropout1'), await start.output('dropout1')]) {
        drawn.push(Array.from(output.data).reduce((total, value, index) => total + value * 2 ** index, 0));
      }
    });
    const trainer = await createTrainer({
      model: sequential(dense(20, { kernelInitializer: identity() }), dropout({ scaling: 'inference' })),
      step: ({ batch, apply }) => ({ loss: sum(mul(apply(batch.x), constant(weights))) }),
      optimizer: sgd({ learningRate: 0 }),
      backend: referenceBackend(),
      prepare: [look],
      callbacks: [(event) => void (event.type === 'step' && drawn.push(event.loss))],
    });
    await trainer.fit({ x: full([1, 20], 1), y: full([1, 1], 0) }, { epochs: 3 });
    expect(drawn).toHaveLength(5);
    expect(drawn[0]).toBe(drawn[1]);
    expect(new Set(drawn).size).toBe(4);
  });

  it('trains as without it when nothing was changed, on a stream too', async () => {
    const plain = await smallTrainer();
    const prepared = await smallTrainer({ prepare: [preparation(async (start) => void (await start.output('dense1')))] });
    const batches = function* () {
      for (let row = 0; row < 24; row += 8) {
        yield { x: rowsFrom(data.x, row), y: rowsFrom(data.y, row) };
      }
    };
    for (const trainer of [plain, prepared]) await trainer.fit(batches, { shuffle: false });
    expect(prepared.step).toBe(3);
    expect(await modelVariables(prepared)).toEqual(await modelVariables(plain));
  });

  it('lets variables follow that follow from others, unless they are written later', async () => {
    const found = await seen(async (start) => {
      start.write('dense2/bias', full([3], 4));
      const followed = await start.read('average/dense2/bias');
      start.write('dense2/bias', full([3], 5));
      start.write('average/dense2/bias', full([3], 6));
      return [
        followed,
        await start.read('average/dense2/bias'),
        await start.read('average/dense2/kernel'),
        await start.read('dense2/kernel'),
      ];
    });
    const [followed, own, average, kernel] = found.map(({ data: values }) => [...values]);
    expect([followed, own]).toEqual([
      [4, 4, 4],
      [6, 6, 6],
    ]);
    expect(average).toEqual(kernel);
  });

  it('tells which parameters are trained', async () => {
    let trained: readonly string[] = [];
    const look = preparation(async (start) => void (trained = [...start.trained]));
    await (await smallTrainer({ prepare: [look], rules: [{ match: 'dense1/*', frozen: true }] })).fit(data);
    expect(trained).toEqual(['batchNorm1/gamma', 'batchNorm1/beta', 'dense2/kernel', 'dense2/bias']);
    const lost = smallTrainer({ prepare: [lsuv({ match: 'dense1/kernel' })], rules: [{ match: 'dense1/*', frozen: true }] });
    await expect((await lost).fit(data)).rejects.toThrow(/matches no parameter that is trained/);
  });

  it('leaves everything as it was when it fails', async () => {
    const failing = preparation(async (start) => {
      start.write('dense2/bias', full([3], 9));
      throw new ConfigError('No.');
    });
    const trainer = await smallTrainer({ prepare: [failing], input: [2] });
    const before = await modelVariables(trainer);
    await expect(trainer.fit(data)).rejects.toThrow('No.');
    expect(await modelVariables(trainer)).toEqual(before);
    expect(trainer.step).toBe(0);
  });

  it('refuses what is no preparation, and paths that are none', async () => {
    await expect(smallTrainer({ prepare: [() => undefined] as never })).rejects.toThrow(/prepare\[0\].*such as lsuv\(\)/);
    await expect(smallTrainer({ prepare: {} as never })).rejects.toThrow(/it is a list/);
    await expect(seen((start) => start.output('dense3'))).rejects.toThrow(/no layer "dense3".*Did you mean "dense/);
    await expect(seen(async (start) => start.write('dense1/kernel', full([2], 0)))).rejects.toThrow(/\[2, 6\]/);
  });

  it('sees the layers as a custom step applies them', async () => {
    let shape: readonly number[] = [];
    const trainer = await createTrainer({
      model: sequential(dense(2), relu(), dropout(), batchNorm()),
      step: ({ batch, apply }) => ({ loss: meanSquaredError().apply(apply(batch.y), batch.x) }),
      optimizer: sgd({ learningRate: 0.1 }),
      backend: referenceBackend(),
      prepare: [preparation(async (start) => void (shape = (await start.output('dense1')).shape))],
    });
    const x = new NdArray(
      Float32Array.from({ length: 16 }, (_, index) => Math.sin(index)),
      [8, 2],
      'f32',
    );
    await trainer.fit({ x, y: x }, { batchSize: 4 });
    expect(shape).toEqual([4, 2]);
  });
});
