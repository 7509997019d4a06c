// The batches of lecture 002, 25 of 4 points, and what a strategy remembers of them.
import { batchNorm } from '../normalization/batchNorm.ts';
import type { RunningStatistics } from '../runningStatistics/runningStatistics.ts';
import { irregular } from './gradientCheck.ts';
import { array, layerRunner } from './layerRunner.ts';
import { columnOf, meanOf, varianceOf } from './sampleMoments.ts';

export const batches = 25;
export const rows = 4;

/** A batch of two channels. */
export const batch = (step: number): Float64Array =>
  irregular(rows * 2, step).map((value, index) => (index % 2 === 0 ? 3 + value : 100 * value));

/** Mean and unbiased variance of each channel of a batch. */
export function momentsOf(step: number): { mean: number[]; variance: number[] } {
  const columns = [0, 1].map((channel) => columnOf(batch(step), 2, channel));
  return { mean: columns.map(meanOf), variance: columns.map((values) => (varianceOf(values) * rows) / (rows - 1)) };
}

/** The buffers after training on the first batches, all by default. */
export async function remembered(
  runningStatistics: RunningStatistics,
  steps: number = batches,
): Promise<Record<string, readonly number[]>> {
  const runner = await layerRunner(batchNorm({ runningStatistics }), { shape: [rows, 2], dtype: 'f32' }, { training: true });
  for (let step = 1; step <= steps; step++) await runner.run(array(batch(step), [rows, 2]), step);
  const buffers = [...runner.variables].filter(([, { role }]) => role === 'buffer').map(([name]) => name);
  return Object.fromEntries(await Promise.all(buffers.map(async (name) => [name, [...(await runner.store.read(name)).data]] as const)));
}

/** What inference makes of rows after training on so many batches, without ε. */
export async function inferred(runningStatistics: RunningStatistics, x: readonly number[], steps: number): Promise<readonly number[]> {
  const layer = batchNorm({ runningStatistics, epsilonMode: 'none' });
  const shape = { shape: [x.length / 2, 2], dtype: 'f32' } as const;
  const trained = await layerRunner(layer, { shape: [rows, 2], dtype: 'f32' }, { training: true });
  for (let step = 1; step <= steps; step++) await trained.run(array(batch(step), [rows, 2]), step);
  const runner = await layerRunner(layer, shape);
  for (const name of trained.store.names) runner.store.write(name, await trained.store.read(name));
  return [...(await runner.run(array(x, shape.shape))).y.data];
}

/** The largest |actual / expected − 1|; where 0 is expected, |actual|. */
export function relativeError(actual: readonly number[], expected: readonly number[]): number {
  return Math.max(...expected.map((value, index) => (value === 0 ? Math.abs(actual[index]!) : Math.abs(actual[index]! / value - 1))));
}
