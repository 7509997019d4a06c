// The exponential average against the recurrence written out, and what a trainer does with it.
import { referenceBackend } from '@nn/backend-reference';
import type { NdArray } from '@nn/core';
import { identicalArrays, run } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { blobs } from '../testing/blobs.ts';
import { modelVariables, smallTrainer } from '../testing/smallTrainer.ts';
import type { Trainer } from '../trainer/trainer.ts';
import { exponentialAverage } from './exponentialAverage.ts';

const backend = referenceBackend();
const data = blobs(33);

async function averages(options: Parameters<typeof exponentialAverage>[0], parameters: readonly number[]): Promise<number[]> {
  const { update } = exponentialAverage(options);
  let average = 0;
  const found: number[] = [];
  for (const [index, parameter] of parameters.entries()) {
    average = (await run(backend, (a, w, t) => update(a, w, t), average, parameter, Int32Array.of(index + 1))).data[0]!;
    found.push(average);
  }
  return found;
}

describe('exponentialAverage', () => {
  it('begins with the parameter and forgets as its decay says', async () => {
    expect(await averages({ decay: 0.75 }, [4, 8, 0])).toEqual([4, 5, 3.75]);
    expect(await averages({ decay: 0 }, [4, 8])).toEqual([4, 8]);
  });

  it('with a warm-up forgets quickly at first', async () => {
    const [, second, third] = await averages({ decay: 0.99, warmUp: true }, [4, 8, 0]);
    expect(second).toBeCloseTo((3 / 12) * 4 + (9 / 12) * 8, 6);
    expect(third).toBeCloseTo((4 / 13) * second!, 6);
  });

  it.each([{ decay: 1 }, { decay: -0.1 }, { decay: NaN }, { warmUp: 1 as never }])('refuses %o', (options) => {
    expect(() => exponentialAverage(options)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });

  it('is made again from its options', () => {
    const options = { decay: 0.5, warmUp: true };
    expect(exponentialAverage.rebuild(exponentialAverage(options).options, {}).options).toEqual(options);
  });
});

describe('a trainer with a weight average', () => {
  const averaging = (decay: number, options = {}): Promise<Trainer> =>
    smallTrainer({ weightAverage: exponentialAverage({ decay }), ...options });

  it('trains as without it, and keeps the average of every parameter', async () => {
    const [plain, averaged] = [await smallTrainer(), await averaging(0.5)];
    for (const trainer of [plain, averaged]) await trainer.fit(data, { epochs: 2, batchSize: 8 });
    expect(await modelVariables(averaged)).toEqual(await modelVariables(plain));

    // One step further, worked out from what is there before and after.
    const kernel = async (trainer: Trainer) => trainer.network.read('dense2/kernel');
    const before = await (await averaged.averagedNetwork()).read('dense2/kernel');
    await averaged.fit(data, { batchSize: 33 });
    const [now, after] = [await kernel(averaged), await (await averaged.averagedNetwork()).read('dense2/kernel')];
    after.data.forEach((value, index) => expect(value).toBeCloseTo((before.data[index]! + now.data[index]!) / 2, 7));
  });

  it('evaluates, validates and predicts with it; the network has the parameters', async () => {
    const trainer = await averaging(0.9);
    const { epochs } = await trainer.fit(data, { epochs: 3, batchSize: 8, validation: data });
    const copy = await trainer.averagedNetwork();
    const { loss } = await trainer.evaluate(data);
    expect(loss).toBeCloseTo(epochs.at(-1)!['validationLoss']!, 6);
    const holder = await smallTrainer({ input: [2] });
    await holder.network.loadSafetensors(await copy.toSafetensors());
    expect(loss).toBeCloseTo((await holder.evaluate(data)).loss, 6);
    await holder.network.loadSafetensors(await trainer.network.toSafetensors());
    expect(loss).not.toBeCloseTo((await holder.evaluate(data)).loss, 6);
    const [ours, copied, raw] = await Promise.all([trainer.predict(data.x), copy.predict(data.x), trainer.network.predict(data.x)]);
    expect(identicalArrays(ours, copied)).toBe(true);
    expect(identicalArrays(ours, raw)).toBe(false);

    // The kept copy follows training, and does not when asked for before.
    await trainer.fit(data, { batchSize: 8 });
    expect(identicalArrays(await trainer.predict(data.x), ours)).toBe(false);
    expect(identicalArrays(await copy.predict(data.x), copied)).toBe(true);
  });

  it('goes on from a checkpoint and on another backend with the bits it would have had', async () => {
    const whole = await averaging(0.9);
    await whole.fit(data, { epochs: 4, batchSize: 8 });
    const first = await averaging(0.9);
    await first.fit(data, { epochs: 2, batchSize: 8 });
    const second = await averaging(0.9, { seed: 3 });
    await second.loadCheckpoint(await first.toCheckpoint());
    await second.moveTo(referenceBackend());
    await second.fit(data, { epochs: 2, batchSize: 8 });
    const variables = async (trainer: Trainer): Promise<NdArray[]> => {
      const network = await trainer.averagedNetwork();
      return Promise.all(network.variables().map(({ path }) => network.read(path)));
    };
    const [ours, expected] = [await variables(second), await variables(whole)];
    expect(ours.every((value, index) => identicalArrays(value, expected[index]!))).toBe(true);
    expect(identicalArrays(await second.predict(data.x), await whole.predict(data.x))).toBe(true);
  });

  it('has the parameters themselves before the first update, weights that were loaded included', async () => {
    const [donor, trainer] = [await smallTrainer({ input: [2], seed: 5 }), await averaging(0.9, { input: [2] })];
    await trainer.network.loadSafetensors(await donor.network.toSafetensors());
    expect((await trainer.evaluate(data)).loss).toBe((await donor.evaluate(data)).loss);
    expect(identicalArrays(await trainer.predict(data.x), await donor.predict(data.x))).toBe(true);
    await expect(trainer.averagedNetwork()).rejects.toThrow('There are no averaged parameters');
  });

  it('predicts on where it moved to, also when the backend it came from is gone', async () => {
    const old = referenceBackend();
    const trainer = await averaging(0.9, { backend: old });
    await trainer.fit(data, { batchSize: 8 });
    const before = await trainer.predict(data.x);
    await trainer.moveTo(referenceBackend());
    await old.dispose();
    const after = await Promise.all([trainer.predict(data.x), trainer.predict(data.x)]);
    expect(after.every((prediction) => identicalArrays(prediction, before))).toBe(true);
    await trainer.dispose();
  });

  it('keeps no average of frozen parameters', async () => {
    const trainer = await averaging(0.9, { rules: [{ match: 'dense1/*', frozen: true }], input: [2] });
    const before = await trainer.network.read('dense1/kernel');
    await trainer.fit(data, { batchSize: 8 });
    expect(identicalArrays(await (await trainer.averagedNetwork()).read('dense1/kernel'), before)).toBe(true);
  });
});
