// A data set of bytes on the CPU backend: gathered and scaled there, every step has the bits that it has with batches from the host.
import { cpuBackend } from '@nn/backend-cpu';
import { expect, it } from 'vitest';
import { adam, accuracy, batchNorm, createTrainer, dataset, dense, relu, sequential, softmaxCrossEntropy } from './index.ts';

it('trains to the same bits as from the host', async () => {
  const backend = await cpuBackend({ threads: 1 });
  const [rows, features] = [300, 50];
  const bytes = Uint8Array.from({ length: rows * features }, (_, index) => (index * index) % 256);
  const y = Int32Array.from({ length: rows }, (_, row) => row % 4);
  const onDevice = dataset({ x: bytes, shape: [rows, features], scale: 1 / 255, y, classes: 4 }).split(0.9, { seed: 1 })[0];
  const fromHost = onDevice.transform((x) => x);
  const checkpointOf = async (source: typeof onDevice): Promise<Uint8Array> => {
    const model = sequential(dense(20), batchNorm(), relu(), dense(4));
    const trainer = await createTrainer({ model, loss: softmaxCrossEntropy(), optimizer: adam(), metrics: [accuracy()], backend });
    await trainer.fit(source, { epochs: 2, batchSize: 16 });
    expect((await trainer.evaluate(source, { batchSize: 8 })).loss).toBeLessThan(1.4);
    return trainer.toCheckpoint();
  };
  expect(await checkpointOf(onDevice)).toEqual(await checkpointOf(fromHost));
  await backend.dispose();
});
