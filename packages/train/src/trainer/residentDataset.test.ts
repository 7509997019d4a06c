// Data sets on the device: training is what it is with batches from the host, whatever rows they are and wherever it goes.
import { referenceBackend } from '@nn/backend-reference';
import type { Backend, Tensor } from '@nn/core';
import { BackendError, NumericError } from '@nn/core';
import type { Dataset } from '@nn/data';
import { augment, dataset, flip } from '@nn/data';
import { block, dense, flatten, sequential } from '@nn/layers';
import { describe, expect, it } from 'vitest';
import type { TrainingEvent } from '../events.ts';
import { blobs } from '../testing/blobs.ts';
import { smallTrainer } from '../testing/smallTrainer.ts';
import type { Wrapped } from '../testing/wrappedBackend.ts';
import { wrappedBackend } from '../testing/wrappedBackend.ts';
import type { FitOptions } from './fitOptions.ts';

const { capabilities } = referenceBackend();
const { x, y } = blobs(80);
const data = dataset({ x, y, classes: 3 });
const validation = dataset({ ...blobs(72, 2), classes: 3 });
const options: FitOptions = { epochs: 2, batchSize: 2, validation };

/** A backend that has room for a data set of so many bytes. */
function holding(datasetBytes = 1e6, changes: Partial<Backend> = {}): Wrapped {
  return wrappedBackend({ capabilities: { ...capabilities, datasetBytes }, ...changes });
}

/** What comes out of a training on a backend. */
async function trained(backend: Backend, source: Dataset, fitOptions: FitOptions = options): Promise<unknown> {
  const trainer = await smallTrainer({ backend });
  const { epochs } = await trainer.fit(source, fitOptions);
  const judged = await trainer.evaluate(source, { batchSize: 1 });
  const checkpoint = await trainer.toCheckpoint();
  await trainer.dispose();
  return { judged, checkpoint: checkpoint.slice(8), losses: epochs.map(({ loss, validationLoss }) => [loss, validationLoss]) };
}

const inputsOf = ({ runs }: Wrapped): string[] => [...new Set(runs.map((inputs) => Object.keys(inputs).toSorted().join()))];
const fromDevice = ['learningRate,rows,seed,step', 'rows'];
const fromHost = ['learningRate,seed,step,x,y', 'x,y'];

describe('a data set on the device', () => {
  const weights = Float32Array.from({ length: 80 }, (_, row) => row % 4);
  it.each<[string, Dataset]>([
    ['as it is', data],
    ['with weights', dataset({ x, y, classes: 3, weights })],
    ['with a short last batch', data.take(70)],
    ['a selection of most rows, in another order', data.split(60, { seed: 1 })[0]],
    ['a selection of few rows, some twice', data.subset([...data.y.slice().data.keys(), 3, 3].slice(44))],
    ['labels that are checked anew', dataset({ x, y: Float32Array.from(y.data) })],
    [
      'labels of rows in another order',
      dataset({ x: data.x.select([...y.data.keys()].toReversed()), y: data.y.select([...y.data.keys()]) }),
    ],
  ])('trains to the same numbers: %s', async (_, source) => {
    const wrapped = holding();
    expect(await trained(wrapped.backend, source)).toEqual(await trained(referenceBackend(), source));
    expect(inputsOf(wrapped)).toEqual(fromDevice);
  });

  it('is read as the host reads it where it is bytes', async () => {
    const bytes = dataset({ x: Uint8Array.from({ length: 160 }, (_, i) => i * 3), shape: [80, 2], y, scale: 1 / 255, classes: 3 });
    const wrapped = holding();
    const trainer = await smallTrainer({ backend: wrapped.backend });
    const { epochs } = await trainer.fit(bytes, options);
    const { epochs: expected } = await (await smallTrainer()).fit(bytes, options);
    // This backend does not round products to float32, which the host does.
    expect(epochs.map(({ loss }) => loss)).toEqual(expected.map(({ loss }) => expect.closeTo(loss, 6)));
    expect(inputsOf(wrapped)).toEqual(fromDevice);
  });

  it('stays there as long as a call of fit or evaluate takes', async () => {
    const { backend, disposed } = holding();
    const trainer = await smallTrainer({ backend });
    await trainer.fit(data, options);
    expect(disposed).toEqual(['store', 'store']);
    await trainer.evaluate(data, { batchSize: 2 });
    expect(disposed).toEqual(['store', 'store', 'store']);
  });

  it('is copied batch by batch where the backend has no room, which is said once', async () => {
    const wrapped = wrappedBackend({ capabilities: { ...capabilities, datasetBytes: 1e6 } }, { noRoomFor: 'dataset/x' });
    const codes: string[] = [];
    const callbacks = [(event: TrainingEvent) => void (event.type === 'warning' && codes.push(event.code))];
    expect(await trained(wrapped.backend, data, { epochs: 2, batchSize: 4, callbacks })).toEqual(
      await trained(referenceBackend(), data, { epochs: 2, batchSize: 4 }),
    );
    expect(inputsOf(wrapped)).toEqual(fromHost);
    expect(codes).toEqual(['train.dataset-on-host']);
  });

  it('is not put there for a few batches', async () => {
    const wrapped = holding();
    const trainer = await smallTrainer({ backend: wrapped.backend });
    await trainer.fit(data, { epochs: 3, batchSize: 8 });
    await trainer.evaluate(data);
    expect(inputsOf(wrapped)).toEqual(fromHost);
    await trainer.fit(data, { epochs: 4, batchSize: 8 });
    expect(inputsOf(wrapped)).toEqual([...fromHost, 'learningRate,rows,seed,step']);
  });

  it.each([holding(), holding(0)])(
    'is traced for once, to be checked and compiled, and not again for the next call',
    async ({ backend }) => {
      const rows: number[] = [];
      const watching = block((input: Tensor, call) => {
        if (input.shape[0]! > 1) rows.push(input.shape[0]!);
        return call('dense', dense(3), input);
      });
      const trainer = await smallTrainer({ backend, model: watching, input: [2] });
      await trainer.fit(data, { batchSize: 2 });
      await trainer.fit(data, { batchSize: 2 });
      expect(rows).toEqual([2]);
    },
  );

  it('is not put there when it is larger than the backend says', async () => {
    const bytes = 80 * (2 + 1) * 4;
    const [roomy, tight] = [holding(bytes), holding(bytes - 1)];
    await (await smallTrainer({ backend: roomy.backend })).fit(data, { batchSize: 2 });
    await (await smallTrainer({ backend: tight.backend })).fit(data, { batchSize: 2 });
    expect([roomy, tight].map(inputsOf)).toEqual([['learningRate,rows,seed,step'], ['learningRate,seed,step,x,y']]);
  });

  it.each<[string, Dataset, FitOptions]>([
    ['samples that are computed', data.transform((rows) => rows), {}],
    ['augmentation', dataset({ x: x.reshape([80, 2, 1]), y, classes: 3 }), { augmentation: augment([flip()]) }],
  ])('does without %s', async (_, source, more) => {
    const wrapped = holding();
    const trainer = await smallTrainer({ backend: wrapped.backend, ...(more.augmentation && { model: sequential(flatten(), dense(3)) }) });
    await trainer.fit(source, { batchSize: 2, ...more });
    expect(inputsOf(wrapped)).toEqual(['learningRate,seed,step,x,y']);
  });

  it('follows a trainer that moves to another backend, and stays behind where that has no room', async () => {
    const expected = await trained(referenceBackend(), data);
    for (const next of [holding(), holding(0)]) {
      const [first, second] = [holding(), next];
      const trainer = await smallTrainer({ backend: first.backend });
      const move = async (event: TrainingEvent) => {
        if (event.type === 'step' && event.step === 3) await trainer.moveTo(second.backend);
      };
      const { epochs } = await trainer.fit(data, { ...options, callbacks: [move] });
      const judged = await trainer.evaluate(data, { batchSize: 1 });
      const checkpoint = (await trainer.toCheckpoint()).slice(8);
      expect({ judged, checkpoint, losses: epochs.map(({ loss, validationLoss }) => [loss, validationLoss]) }).toEqual(expected);
      expect(inputsOf(second)).toEqual(second === next && next.backend.capabilities.datasetBytes === 0 ? fromHost : fromDevice);
      expect(first.disposed.filter((what) => what === 'store')).toHaveLength(3);
    }
  });

  it('is looked into when a step is not finite', async () => {
    const broken = x.clone();
    broken.data[2 * 40] = Number.NaN;
    const source = dataset({ x: broken, y, classes: 3, allowNonFinite: true });
    const message = async (backend: Backend): Promise<string> => {
      const trainer = await smallTrainer({ backend });
      const error = await trainer.fit(source, { batchSize: 2, shuffle: false }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(NumericError);
      return (error as NumericError).message;
    };
    const wrapped = holding();
    expect(await message(wrapped.backend)).toBe(await message(referenceBackend()));
    expect(inputsOf(wrapped)[0]).toBe('learningRate,rows,seed,step');
  });

  it('is freed when a run is lost', async () => {
    const { backend, disposed } = wrappedBackend({ capabilities: { ...capabilities, datasetBytes: 1e6 } }, { failing: 3 });
    const trainer = await smallTrainer({ backend });
    await expect(trainer.fit(data, { batchSize: 2 })).rejects.toThrow(BackendError);
    expect(disposed).toEqual(['store']);
  });
});
