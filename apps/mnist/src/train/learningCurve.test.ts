// The curve of the losses.
import type { StepEvent } from '@nn/kit';
import { expect, it } from 'vitest';
import { LearningCurve } from './learningCurve.ts';

function curveOf(losses: readonly number[]): LearningCurve {
  const curve = new LearningCurve();
  const rest = { epoch: 1, batch: 1, rows: 1, learningRate: 1, gradientNorm: 1, figures: { loss: 1 }, samplesPerSecond: 1 };
  losses.forEach((loss, index) => {
    const event: StepEvent = { type: 'step', step: index + 1, loss, ...rest };
    void curve.callback(event);
  });
  return curve;
}

it('shows means of as many steps as there is room for', () => {
  const lines = curveOf(Array.from({ length: 1000 }, (_, index) => 1 - index / 1000))
    .draw(60)
    .split('\n');
  expect(lines[0]).toBe('training loss over 1000 steps');
  expect(lines).toHaveLength(10);
  // The mean of the first 20 or 21 of 1000 steps, and of the last.
  expect(lines[1]).toMatch(/^ +0\.99\d [┼┤]/);
  expect(lines.at(-1)).toMatch(/^ +0\.01\d ┤/);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
});

it('is empty when one step was done or none', () => {
  expect(curveOf([]).draw(80)).toBe('');
  expect(curveOf([1]).draw(80)).toBe('');
  expect(curveOf([2, 1]).draw(5)).toContain('over 2 steps');
});
