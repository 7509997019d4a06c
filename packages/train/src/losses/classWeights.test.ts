// Weights of classes: those that balance data, and how cross-entropy uses them.
import { ndarray } from '@nn/core';
import { dataset } from '@nn/data';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lossOf } from '../testing/judge.ts';
import { balancedClassWeights } from './classWeights.ts';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts';

describe('balancedClassWeights', () => {
  it('weighs a class by how rare it is', () => {
    expect(balancedClassWeights([0, 0, 0, 1], 2)).toEqual([4 / 6, 2]);
    expect(balancedClassWeights(ndarray(Int32Array.of(1, 0)), 2)).toEqual([1, 1]);
    expect(balancedClassWeights(dataset({ x: [[1], [2]], y: [1, 0] }).y, 2)).toEqual([1, 1]);
  });

  it('gives weights that average 1 over the data, and classes of one total weight', () => {
    const labels = fc.integer({ min: 1, max: 5 }).chain((classes) =>
      fc.tuple(
        fc.constant(classes),
        fc.array(fc.nat({ max: classes - 1 }), { maxLength: 40 }).map((drawn) => [...Array.from({ length: classes }).keys(), ...drawn]),
      ),
    );
    fc.assert(
      fc.property(labels, ([classes, values]) => {
        const weights = balancedClassWeights(values, classes);
        const total = values.reduce((sum, label) => sum + weights[label]!, 0);
        expect(total).toBeCloseTo(values.length, 9);
        weights.forEach((weight, label) => {
          expect(weight * values.filter((value) => value === label).length).toBeCloseTo(values.length / classes, 9);
        });
      }),
    );
  });

  it('refuses labels that are none, and a class without samples', () => {
    expect(() => balancedClassWeights([0, 2], 2)).toThrow('Label 1 is 2');
    expect(() => balancedClassWeights([0, 0.5], 2)).toThrow('Label 1 is 0.5');
    expect(() => balancedClassWeights([0, 0], 2)).toThrow('Class 1 has no samples');
    expect(() => balancedClassWeights(null as never, 2)).toThrow(expect.objectContaining({ name: 'DTypeError' }));
  });
});

describe('classWeights of softmaxCrossEntropy', () => {
  const logits = [
    [1, 2, 3],
    [0, 0.5, -2],
  ];
  const labels = ndarray(Int32Array.of(2, 0));

  it('multiply the loss of a sample', async () => {
    const [a, b] = await lossOf(softmaxCrossEntropy(), logits, labels);
    const weighted = await lossOf(softmaxCrossEntropy({ classWeights: [3, 1, 0.5] }), logits, labels);
    expect(weighted[0]).toBeCloseTo(0.5 * a!, 12);
    expect(weighted[1]).toBeCloseTo(3 * b!, 12);
  });

  it('of 1 change nothing, smoothed or not', async () => {
    for (const labelSmoothing of [0, 0.1]) {
      const weighted = await lossOf(softmaxCrossEntropy({ labelSmoothing, classWeights: [1, 1, 1] }), logits, labels);
      const plain = await lossOf(softmaxCrossEntropy({ labelSmoothing }), logits, labels);
      weighted.forEach((loss, row) => expect(loss).toBeCloseTo(plain[row]!, 7));
    }
  });
});
