// Binary cross-entropy on logits: the formula, weights and smoothing as in PyTorch, logits of any size.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lossGradient, lossOf } from '../testing/judge.ts';
import { binaryCrossEntropy } from './binaryCrossEntropy.ts';

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** −w t log σ(z) − (1 − t) log(1 − σ(z)) */
function byHand(z: number, t: number, weight = 1): number {
  return -weight * t * Math.log(sigmoid(z)) - (1 - t) * Math.log(1 - sigmoid(z));
}

const logits = [
  [0.5, -1.5],
  [2, 0],
];
const targets = [
  [1, 0],
  [0, 0.25],
];

describe('binaryCrossEntropy', () => {
  it('is the mean over the answers of a sample', async () => {
    const losses = await lossOf(binaryCrossEntropy(), logits, targets);
    losses.forEach((loss, row) => {
      expect(loss).toBeCloseTo((byHand(logits[row]![0]!, targets[row]![0]!) + byHand(logits[row]![1]!, targets[row]![1]!)) / 2, 12);
    });
  });

  it('has the gradient σ(z) − t', async () => {
    const gradient = await lossGradient(binaryCrossEntropy(), [0.5, -1.5, 0, 3], [1, 0, 0.5, 0.25]);
    [sigmoid(0.5) - 1, sigmoid(-1.5), 0, sigmoid(3) - 0.25].forEach((expected, row) => expect(gradient[row]).toBeCloseTo(expected, 12));
  });

  it('weighs positive targets, with one weight or one per answer', async () => {
    const [first] = await lossOf(binaryCrossEntropy({ positiveWeight: 3 }), logits, targets);
    expect(first).toBeCloseTo((byHand(0.5, 1, 3) + byHand(-1.5, 0)) / 2, 12);
    const [, second] = await lossOf(binaryCrossEntropy({ positiveWeight: [1, 4] }), logits, targets);
    expect(second).toBeCloseTo((byHand(2, 0) + byHand(0, 0.25, 4)) / 2, 12);
    await expect(lossOf(binaryCrossEntropy({ positiveWeight: [1, 2, 3] }), logits, targets)).rejects.toMatchObject({ name: 'ShapeError' });
  });

  it('pulls targets to the middle', async () => {
    const [smoothed] = await lossOf(binaryCrossEntropy({ labelSmoothing: 0.2 }), [1.5], [1]);
    expect(smoothed).toBeCloseTo(byHand(1.5, 0.9), 12);
  });

  it('is finite and linear for logits of any size', async () => {
    expect(await lossOf(binaryCrossEntropy(), [1e30, -1e30, 100, -100], [1, 0, 0, 1])).toEqual([0, 0, 100, 100]);
    expect(await lossGradient(binaryCrossEntropy(), [1e30, -1e30, 1e30], [1, 0, 0])).toEqual([0, 0, 1]);
  });

  it('is the same when logit and target change sides', async () => {
    const number = fc.float({ min: -50, max: 50, noNaN: true });
    const share = fc.integer({ min: 0, max: 16 }).map((part) => part / 16);
    await fc.assert(
      fc.asyncProperty(number, share, async (z, t) => {
        const [here] = await lossOf(binaryCrossEntropy(), [z], [t]);
        const [there] = await lossOf(binaryCrossEntropy(), [-z], [1 - t]);
        expect(there).toBeCloseTo(here!, 10);
        expect(here).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses [n] against [n, 1] and says how to write it', async () => {
    await expect(lossOf(binaryCrossEntropy(), [[1], [2]], [1, 0])).rejects.toThrow('Give each target its own row');
  });

  it.each([
    { positiveWeight: 0 },
    { positiveWeight: [] },
    { positiveWeight: [1, -1] },
    { positiveWeight: null as never },
    { positiveWeight: '2' as never },
    { positiveWeight: { 1: 2 } as never },
    { labelSmoothing: 2 },
  ])('refuses %o', (options) => {
    expect(() => binaryCrossEntropy(options)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });

  it('says that it takes logits', () => {
    expect(() => binaryCrossEntropy({ fromLogits: false } as object)).toThrow('It takes logits always');
  });

  it('is made again from its options', () => {
    const options = { positiveWeight: [1, 2], labelSmoothing: 0.1 };
    expect(binaryCrossEntropy.rebuild(binaryCrossEntropy(options).options, {}).options).toEqual(options);
  });
});
