// What is expected of every device, wherever it runs.
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { DeviceLoss } from './scenarios.ts';
import { compareCurves } from './training.ts';

/** The losses of the reference. */
export const curve: readonly number[] = JSON.parse(readFileSync(new URL('curve.json', import.meta.url), 'utf8'));

/** Step by step at the beginning, and the mean of the last 50 of a whole run. */
export function expectCurve(losses: readonly number[]): void {
  const { early, late } = compareCurves(losses, curve.slice(0, losses.length));
  expect(early).toBeLessThan(1e-4);
  expect(late).toBeLessThan(0.02);
}

/**
 * What is held does not grow with the steps.
 * @param pooled what the device may keep for later at some time on the way (default 0)
 */
export function expectConstant(held: readonly number[], pooled = 0): void {
  expect(held).toHaveLength(10);
  expect(held[0]).toBeGreaterThan(0);
  expect(Math.max(...held) - held[0]!).toBeLessThanOrEqual(pooled);
}

/** The loss of a device is an error at once, and a new one goes on where the last copy was made. */
export function expectLoss({ codes, losses }: DeviceLoss): void {
  expect(codes).toEqual(['backend.lost', 'backend.lost']);
  expect(losses.length).toBeGreaterThanOrEqual(10);
  expectCurve(losses);
}
