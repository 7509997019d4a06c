// Augmentation in fit: training data change anew in every epoch, validation data never, and nothing depends on the batches.
import { NdArray } from '@nn/core';
import type { Augmentation, BatchOptions } from '@nn/data';
import { Dataset, augment, dataset, pixelNoise, rotate, shift } from '@nn/data';
import { describe, expect, it } from 'vitest';
import { blobs } from '../testing/blobs.ts';
import { modelVariables, smallTrainer } from '../testing/smallTrainer.ts';
import { wrappedBackend } from '../testing/wrappedBackend.ts';

const data = blobs(24);

/** Adds the epoch and a hundredth of the number of the sample. */
const marking: Augmentation = {
  kind: 'marking',
  options: {},
  apply: (rows, { epoch, samples }) =>
    new NdArray(
      Float32Array.from(rows.data, (value, index) => value + 100 * epoch + samples[Math.floor(index / 2)]!),
      rows.shape,
      'f32',
    ),
};

describe('fit with augmentation', () => {
  it('changes training data alone', async () => {
    const { backend, runs } = wrappedBackend();
    const trainer = await smallTrainer({ backend });
    await trainer.fit(data, { epochs: 2, batchSize: 24, shuffle: false, augmentation: marking, validation: data });
    const [first, judgedFirst, second, judgedSecond] = runs.map(({ x }) => x!);
    const marked = (epoch: number): NdArray =>
      marking.apply(data.x, { seed: 7, epoch, samples: Int32Array.from({ length: 24 }, (_, row) => row) });
    expect(first!.data).toEqual(marked(0).data);
    expect(second!.data).toEqual(marked(1).data);
    expect(judgedFirst!.data).toEqual(data.x.data);
    expect(judgedSecond!.data).toEqual(data.x.data);
    expect(data.x.data).toEqual(blobs(24).x.data);
  });

  it('goes on in an interrupted epoch and from a checkpoint as if nothing had been', async () => {
    const images = { x: data.x.reshape([24, 2]), y: data.y };
    const options = { batchSize: 5, augmentation: augment([pixelNoise(), shift()], { shape: [1, 2] }) };
    const whole = await smallTrainer();
    await whole.fit(images, { ...options, epochs: 2 });

    const stop = new AbortController();
    const interrupted = await smallTrainer();
    await interrupted.fit(images, {
      ...options,
      epochs: 2,
      signal: stop.signal,
      callbacks: [
        (event) => {
          if (event.type === 'step' && event.step === 7) stop.abort();
        },
      ],
    });
    const resumed = await smallTrainer({ seed: 99 });
    await resumed.loadCheckpoint(await interrupted.toCheckpoint());
    await resumed.fit(images, { ...options, epochs: 1 });
    expect(resumed.step).toBe(whole.step);
    expect(await modelVariables(resumed)).toEqual(await modelVariables(whole));
  });

  it('gives a stream the pixels that the same data have in memory', async () => {
    const { backend, runs } = wrappedBackend();
    const inMemory = dataset(data);
    const stream = dataset(function* () {
      yield* inMemory.batches({ batchSize: 7 });
    });
    const options: BatchOptions & { augmentation: Augmentation } = { batchSize: 12, shuffle: false, augmentation: marking };
    for (const source of [inMemory, stream]) await (await smallTrainer({ backend })).fit(source, options);
    const [a, b, c, d] = runs.map(({ x }) => x!.data);
    expect([c, d]).toEqual([a, b]);
    expect(inMemory).toBeInstanceOf(Dataset);
  });

  it('says what is wrong with the samples before the first step, and what is no augmentation', async () => {
    const trainer = await smallTrainer();
    await expect(trainer.fit(data, { augmentation: augment([rotate()]) })).rejects.toMatchObject({ name: 'ShapeError' });
    await expect(trainer.fit(data, { augmentation: rotate() as never })).rejects.toThrow(
      'fit: augmentation is an object; it is made by augment',
    );
    expect(trainer.step).toBe(0);
  });
});
