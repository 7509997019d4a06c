// What a trainer says of itself, against what the backend gave it.
import { describe, expect, it } from 'vitest';
import { blobs } from '../testing/blobs.ts';
import { smallTrainer } from '../testing/smallTrainer.ts';

describe('the summary of a trainer', () => {
  it('has the model, the slots of the optimizer, and no program before the first batch', async () => {
    const trainer = await smallTrainer({ input: [2] });
    const summary = trainer.summary();
    expect(summary).toMatchObject({ ...trainer.network.summary(), toString: expect.any(Function), programs: [] });
    expect(summary.slots).toBe(2 * summary.trainable);
    expect(summary.memory).toBeUndefined();
    expect(String(summary)).toContain(`${summary.slots} numbers beside them`);
  });

  it('has what the compiled programs hold, and the memory of training on the largest batch', async () => {
    const trainer = await smallTrainer();
    await trainer.fit(blobs(40), { batchSize: 16, validation: blobs(20, 2) });
    const summary = trainer.summary();
    expect(summary.programs.map(({ purpose, rows }) => [purpose, rows])).toEqual([
      ['training', 16],
      ['training', 8],
      ['evaluation', 16],
      ['evaluation', 4],
    ]);
    const [training] = summary.programs;
    // Numbers of 64 bits, on the reference backend: the model's, and the slots'.
    expect(training!.memory.parameters).toBe(8 * (summary.total + summary.slots));
    expect(summary.memory).toEqual(trainer.network.summary({ batch: 16 }).memory);
    expect(training!.memory.scratch).toBeGreaterThan(2 * summary.memory!.retained);
    expect(String(summary)).toContain(`training on reference, batches of 16: ${training!.memory.parameters} bytes of variables`);
  });

  it('waits for the input as the network does', async () => {
    const trainer = await smallTrainer();
    expect(() => trainer.summary()).toThrow('does not know its input yet');
  });
});
