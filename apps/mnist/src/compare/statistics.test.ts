// Estimates against printed tables and by experiment.
import { fillNormal, streamKey } from '@nn/kit';
import { describe, expect, it } from 'vitest';
import { estimate, studentQuantile } from './statistics.ts';

describe("Student's distribution", () => {
  it.each([
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [4, 2.776],
    [9, 2.262],
    [10, 2.228],
    [29, 2.045],
    [120, 1.98],
  ])('with %i degrees of freedom is below %f in 97.5 of 100', (degrees, expected) => {
    expect(studentQuantile(0.975, degrees)).toBeCloseTo(expected, 3);
  });

  it('has the other quantiles of the tables', () => {
    expect(studentQuantile(0.95, 5)).toBeCloseTo(2.015, 3);
    expect(studentQuantile(0.995, 8)).toBeCloseTo(3.355, 3);
  });
});

describe('an estimate', () => {
  it('is the mean with t · s / √n on both sides', () => {
    const { mean, interval, count } = estimate([2, 4, 6]);
    expect([mean, count]).toEqual([4, 3]);
    expect(interval![1] - mean).toBeCloseTo((4.302653 * 2) / Math.sqrt(3), 5);
    expect(mean - interval![0]).toBeCloseTo(interval![1] - mean, 12);
  });

  it('has no interval from one value', () => {
    expect(estimate([3])).toEqual({ mean: 3, count: 1 });
  });

  it('holds the true mean in 95 of 100 experiments', () => {
    const draws = new Float32Array(5 * 4000);
    fillNormal(streamKey(1, 'estimate', 0, 0), draws);
    let held = 0;
    for (let experiment = 0; experiment < 4000; experiment++) {
      const [low, high] = estimate([...draws.subarray(5 * experiment, 5 * experiment + 5)]).interval!;
      if (low <= 0 && high >= 0) held++;
    }
    expect(held / 4000).toBeGreaterThan(0.94);
    expect(held / 4000).toBeLessThan(0.96);
  });
});
