// Targets are checked before the first step: their range where the loss has one, with index and value.
import { referenceBackend } from '@nn/backend-reference';
import { dense, sequential } from '@nn/layers';
import { sgd } from '@nn/optim';
import { describe, expect, it } from 'vitest';
import { binaryCrossEntropy } from '../losses/binaryCrossEntropy.ts';
import { multiclassHinge } from '../losses/multiclassHinge.ts';
import { createTrainer } from './createTrainer.ts';

const options = { model: sequential(dense(2)), optimizer: sgd(), backend: referenceBackend() };
const x = [[1], [2], [3]];

describe('targets', () => {
  it('outside of the range of the loss are a DataError with place and value', async () => {
    const trainer = await createTrainer({ ...options, loss: binaryCrossEntropy() });
    const y = [
      [0, 1],
      [0.5, 2],
      [-1, 0],
    ];
    const message = 'y at [1, 1] is 2, but numbers from 0 to 1 are needed';
    await expect(trainer.fit({ x, y })).rejects.toMatchObject({ name: 'DataError', message: expect.stringContaining(message) as string });
    await expect(trainer.evaluate({ x, y })).rejects.toThrow(message);
    const stream = function* () {
      yield { x: x.slice(0, 1), y: y.slice(0, 1) };
      yield { x: x.slice(1), y: y.slice(1) };
    };
    await expect(trainer.fit(stream)).rejects.toThrow('y at [0, 1] is 2');
    expect(trainer.step).toBe(1);
    await trainer.fit({ x, y: y.map(([a, b]) => [Math.abs(a!), b! / 2]) });
  });

  it('of the hinge are class indices, checked too', async () => {
    const trainer = await createTrainer({ ...options, loss: multiclassHinge() });
    await expect(trainer.fit({ x, y: [0, 1, 2] })).rejects.toThrow('Label 2 is 2, but there are 2 classes');
    await expect(trainer.fit({ x, y: [0, 1, 0.5] })).rejects.toThrow('Label 2 is 0.5');
    await trainer.fit({ x, y: [0, 1, 1] });
    expect(trainer.step).toBe(1);
  });

  it('of one number per row do not stretch over rows of one', async () => {
    const trainer = await createTrainer({ ...options, model: sequential(dense(1)), loss: binaryCrossEntropy() });
    await expect(trainer.fit({ x, y: [0, 1, 1] })).rejects.toThrow('Give each target its own row');
    expect(trainer.step).toBe(0);
  });
});
