// The end of a block disposes what was made in it, and nothing that it borrows.
import { cpuBackend } from '@nn/backend-cpu';
import { expect, test } from 'vitest';
import { createNetwork, createTrainer, dense, meanSquaredError, sgd } from './index.ts';

const line = { x: [[0], [1], [2]], y: [[1], [3], [5]] };
const options = { model: dense(1), loss: meanSquaredError(), optimizer: sgd() };
const disposed = expect.objectContaining({ name: 'DisposedError' }) as unknown;

test('of a network, of a trainer and of a backend', async () => {
  const backend = await cpuBackend();
  const network = await createNetwork({ model: dense(1), input: [1], backend });
  const trainer = await createTrainer({ ...options, backend });
  await trainer.fit(line);
  {
    await using held = network;
    await using alsoHeld = trainer;
    expect((await held.predict([1])).shape).toEqual([1]);
    expect((await alsoHeld.predict([1])).shape).toEqual([1]);
  }
  await expect(network.predict([1])).rejects.toEqual(disposed);
  await expect(trainer.fit(line)).rejects.toEqual(disposed);
  {
    await using sameBackend = backend;
    expect(await createNetwork({ model: dense(1), input: [1], backend: sameBackend })).toBeDefined();
  }
  await expect(createNetwork({ model: dense(1), input: [1], backend })).rejects.toEqual(disposed);
});

test('where it ends with an error too', async () => {
  const backend = await cpuBackend();
  await expect(
    (async () => {
      await using sameBackend = backend;
      throw new Error(sameBackend.name);
    })(),
  ).rejects.toThrow('cpu');
  await expect(backend.createStore({})).rejects.toEqual(disposed);
});
