// A momentum that follows a schedule: what a step sees of it, with everything else that counts steps.
import type { Optimizer, Schedule } from '@nn/core';
import { adam, oneCycle, oneCycleMomentum, rmsprop, sgd } from '@nn/optim';
import { describe, expect, it } from 'vitest';
import { blobs } from '../testing/blobs.ts';
import { modelVariables, smallTrainer } from '../testing/smallTrainer.ts';

const data = blobs(80);
const epoch = { batchSize: 16 };
const cycle = { steps: 20 };

const optimizers: [string, (momentum: number | Schedule) => Optimizer][] = [
  ['sgd', (momentum) => sgd({ learningRate: 0.05, momentum })],
  ['sgd with Nesterov', (momentum) => sgd({ learningRate: 0.05, momentum, nesterov: true, learningRateMode: 'inside' })],
  ['rmsprop', (momentum) => rmsprop({ learningRate: 0.01, momentum })],
  ['adam', (beta1) => adam({ learningRate: 0.02, beta1 })],
];

describe('a scheduled momentum', () => {
  it.each(optimizers)('that never changes is that number: %s', async (_, make) => {
    const [fixed, scheduled] = [await smallTrainer({ optimizer: make(0.75) }), await smallTrainer({ optimizer: make(() => 0.75) })];
    for (const trainer of [fixed, scheduled]) await trainer.fit(data, { epochs: 2, ...epoch });
    expect(await modelVariables(scheduled)).toEqual(await modelVariables(fixed));
  });

  it('is asked for each update, counted from 1', async () => {
    const asked: number[] = [];
    const momentum = (step: number): number => {
      asked.push(step);
      return 0.5;
    };
    const trainer = await smallTrainer({ optimizer: sgd({ momentum }), gradientAccumulation: 2 });
    await trainer.fit(data, { ...epoch, epochs: 1 });
    expect(asked).toEqual([1, 1, 2, 2, 3]);
  });

  it('goes through one cycle with the rate, also when training is stopped and goes on', async () => {
    const optimizer = adam({ learningRate: oneCycle({ peak: 0.1, ...cycle }), beta1: oneCycleMomentum(cycle) });
    const [whole, first, second] = [
      await smallTrainer({ optimizer }),
      await smallTrainer({ optimizer }),
      await smallTrainer({ optimizer, seed: 99 }),
    ];
    await whole.fit(data, { epochs: 4, ...epoch });
    await first.fit(data, { epochs: 2, ...epoch });
    await second.loadCheckpoint(await first.toCheckpoint());
    await second.fit(data, { epochs: 2, ...epoch });
    expect(await second.toCheckpoint()).toEqual(await whole.toCheckpoint());
    expect((await whole.evaluate(data))['accuracy']).toBeGreaterThan(0.9);
  });

  it('out of its range stops the training before the step', async () => {
    const trainer = await smallTrainer({ optimizer: sgd({ momentum: (step) => (step < 3 ? 0.5 : 1) }) });
    await expect(trainer.fit(data, epoch)).rejects.toThrow('sgd: momentum of step 3 is 1');
    expect(trainer.step).toBe(2);
  });
});
