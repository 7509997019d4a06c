// The hinge of lecture 003 and its relatives: worked numbers, the subgradient at the margin, properties over random scores.
import { NdArray, ndarray } from '@nn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lossGradient, lossOf } from '../testing/judge.ts';
import { multiclassHinge } from './multiclassHinge.ts';

const indices = (...labels: number[]): NdArray => ndarray(labels, { dtype: 'i32' });

describe('multiclassHinge', () => {
  // The scores of lecture 003's kind: for class 0 the others miss by 5.1 − 3.2 + 1 = 2.9 and −1.7 − 3.2 + 1 < 0.
  const scores = [
    [3.2, 5.1, -1.7],
    [1.3, 4.9, 2],
    [2.2, 2.5, -3.1],
  ];
  const labels = indices(0, 1, 2);

  it('adds up what is missing over the other classes', async () => {
    const losses = await lossOf(multiclassHinge(), scores, labels);
    [2.9, 0, 12.9].forEach((expected, row) => expect(losses[row]).toBeCloseTo(expected, 6));
  });

  it('takes the largest, squares and widens the margin as it is told', async () => {
    const largest = await lossOf(multiclassHinge({ over: 'max' }), scores, labels);
    [2.9, 0, 6.6].forEach((expected, row) => expect(largest[row]).toBeCloseTo(expected, 6));
    const squares = await lossOf(multiclassHinge({ squared: true }), scores, labels);
    [2.9 ** 2, 0, 6.3 ** 2 + 6.6 ** 2].forEach((expected, row) => expect(squares[row]).toBeCloseTo(expected, 5));
    const wide = await lossOf(multiclassHinge({ margin: 3 }), scores, labels);
    [4.9, 0.1, 16.9].forEach((expected, row) => expect(wide[row]).toBeCloseTo(expected, 6));
  });

  it('is classes − 1 where all scores are equal', async () => {
    expect(await lossOf(multiclassHinge(), new NdArray(new Float32Array(20), [2, 10], 'f32'), indices(3, 9))).toEqual([9, 9]);
  });

  it('pushes every class that is too high by 1, and the class itself by their number', async () => {
    expect(await lossGradient(multiclassHinge(), scores, labels)).toEqual([-1, 1, 0, 0, 0, 0, 1, 1, -2]);
    expect(await lossGradient(multiclassHinge({ over: 'max' }), scores, labels)).toEqual([-1, 1, 0, 0, 0, 0, 0, 1, -1]);
  });

  it('has the gradient 0 where a margin is reached exactly', async () => {
    expect(await lossGradient(multiclassHinge(), [[2, 1, 1]], indices(0))).toEqual([0, 0, 0]);
  });

  it('weighs the samples of a class', async () => {
    const losses = await lossOf(multiclassHinge({ classWeights: [2, 1, 0.5] }), scores, labels);
    [5.8, 0, 6.45].forEach((expected, row) => expect(losses[row]).toBeCloseTo(expected, 6));
  });

  it('keeps its value when a number is added to all scores, and its gradient sums to 0', async () => {
    const row = fc.array(fc.integer({ min: -64, max: 64 }), { minLength: 2, maxLength: 7 });
    const forms = fc.record({ over: fc.constantFrom('sum' as const, 'max' as const), squared: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(row, fc.integer({ min: -100, max: 100 }), fc.nat(), forms, async (values, shift, draw, form) => {
        const [loss, label] = [multiclassHinge(form), indices(draw % values.length)];
        const [here] = await lossOf(loss, [values], label);
        const [moved] = await lossOf(loss, [values.map((value) => value + shift)], label);
        expect(moved).toBe(here);
        expect((await lossGradient(loss, [values], label)).reduce((total, value) => total + value, 0)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('lets no label out of range and no other target pass unnoticed', async () => {
    expect(await lossOf(multiclassHinge(), scores, indices(0, 3, -1))).toEqual([expect.closeTo(2.9, 6), NaN, NaN]);
    await expect(lossOf(multiclassHinge(), scores, scores)).rejects.toThrow('class indices i32 [batch] are needed');
    await expect(lossOf(multiclassHinge(), scores, [0, 1, 2])).rejects.toMatchObject({ name: 'DTypeError' });
    await expect(lossOf(multiclassHinge({ classWeights: [1, 1] }), scores, labels)).rejects.toThrow('there are 2 classWeights');
  });

  it.each([
    { margin: 0 },
    { margin: NaN },
    { over: 'mean' as never },
    { squared: 2 as never },
    { classWeights: [] },
    { classWeights: [-1, 1] },
  ])('refuses %o', (options) => {
    expect(() => multiclassHinge(options)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });

  it('is made again from its options', () => {
    const options = { margin: 2, over: 'max' as const, squared: true, classWeights: [1, 2] };
    expect(multiclassHinge.rebuild(multiclassHinge(options).options, {}).options).toEqual(options);
  });
});
