// After which epochs the rate is lowered, and how a trainer goes on with it.
import { describe, expect, it } from 'vitest';
import type { StepEvent, TrainingEvent } from '../events.ts';
import { blobs } from '../testing/blobs.ts';
import { smallTrainer } from '../testing/smallTrainer.ts';
import type { ReduceOnPlateauOptions } from './reduceOnPlateau.ts';
import { PlateauWatch, reduceOnPlateau } from './reduceOnPlateau.ts';

/** A ↓ for every epoch after which the rate is lowered. */
function follow(options: ReduceOnPlateauOptions, losses: readonly number[]): string {
  const watch = new PlateauWatch(reduceOnPlateau(options));
  return losses
    .map((validationLoss, index) => watch.reducesAfter({ epoch: index + 1, loss: 0, seconds: 0, samplesPerSecond: 0, validationLoss }))
    .map((reduces) => (reduces ? '↓' : '.'))
    .join('');
}

describe('reduceOnPlateau', () => {
  it('lowers the rate after as many epochs without improvement as it bears, and counts anew then', () => {
    expect(follow({ patience: 2 }, [3, 2, 2, 2, 2, 2, 1, 1, 1])).toBe('...↓.↓..↓');
    expect(follow({ patience: 1 }, [3, 3, 3, 2])).toBe('.↓↓.');
  });

  it('counts nothing while it cools down', () => {
    expect(follow({ patience: 1, cooldown: 2 }, [3, 3, 3, 3, 3, 3])).toBe('.↓..↓.');
  });

  it('takes no improvement of up to minimumDelta for one', () => {
    expect(follow({ patience: 2, minimumDelta: 0.5 }, [3, 2.8, 2.6])).toBe('..↓');
  });

  it.each([{ factor: 1 }, { factor: 0 }, { patience: 0 }, { cooldown: -1 }, { minimum: NaN }, { goal: 'more' as never }])(
    'refuses %o',
    (options) => {
      expect(() => reduceOnPlateau(options)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
    },
  );
});

describe('fit with reduceOnPlateau', () => {
  const data = blobs(24);
  const rates = (events: readonly TrainingEvent[]): number[] =>
    events.filter((event): event is StepEvent => event.type === 'step').map(({ learningRate }) => learningRate);

  it('lowers the rate of later steps, tells it, goes no lower than its minimum, and saves it', async () => {
    const events: TrainingEvent[] = [];
    const callbacks = [(event: TrainingEvent): void => void events.push(event)];
    const trainer = await smallTrainer({ callbacks });
    // The epochs' numbers only grow: as something to minimize they never improve.
    const stuck = { monitor: 'epoch', goal: 'minimum' as const, patience: 1, factor: 0.25, minimum: 0.002 };
    await trainer.fit(data, { epochs: 4, batchSize: 24, reduceOnPlateau: stuck });
    [0.02, 0.02, 0.005, 0.002].forEach((rate, index) => expect(rates(events)[index]).toBeCloseTo(rate, 12));
    const told = events.filter(({ type }) => type === 'learningRateReduced');
    expect(told).toMatchObject([
      { epoch: 2, monitor: 'epoch', from: 0.02, to: 0.005 },
      { epoch: 3, from: 0.005, to: 0.002 },
    ]);

    const resumed = await smallTrainer({ callbacks });
    await resumed.loadCheckpoint(await trainer.toCheckpoint());
    await resumed.fit(data, { batchSize: 24 });
    expect(rates(events).at(-1)).toBeCloseTo(0.002, 12);
  });

  it('says which figures there are when it watches another', async () => {
    const trainer = await smallTrainer();
    await expect(trainer.fit(data, { reduceOnPlateau: {} })).rejects.toThrow('reduceOnPlateau: there is no figure "validationLoss"');
  });
});
