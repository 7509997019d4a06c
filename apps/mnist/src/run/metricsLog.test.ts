// The rows of metrics.jsonl.
import type { StepEvent, TrainingEvent } from '@nn/kit';
import { expect, it } from 'vitest';
import { metricsLog } from './metricsLog.ts';

function stepEvent(batch: number, batches: number): StepEvent {
  const figures = { loss: 1, accuracy: 0.5 };
  return {
    type: 'step',
    step: batch,
    epoch: 1,
    batch,
    batches,
    rows: 8,
    learningRate: 0.1,
    loss: 2,
    gradientNorm: 3,
    figures,
    samplesPerSecond: 4,
  };
}

async function rowsOf(events: readonly TrainingEvent[]): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  const log = metricsLog(async (row) => {
    rows.push(row);
  });
  for (const event of events) await log(event);
  return rows;
}

it('has about a hundred steps of a long epoch, the first and the last among them', async () => {
  const rows = await rowsOf(Array.from({ length: 469 }, (_, index) => stepEvent(index + 1, 469)));
  expect(rows).toHaveLength(95);
  expect(rows[0]).toEqual({
    type: 'step',
    step: 1,
    epoch: 1,
    batches: 469,
    loss: 2,
    gradientNorm: 3,
    learningRate: 0.1,
    samplesPerSecond: 4,
  });
  expect(rows.at(-1)).toMatchObject({ step: 469 });
});

it('has every step of a short epoch', async () => {
  expect(await rowsOf([1, 2, 3].map((batch) => stepEvent(batch, 3)))).toHaveLength(3);
});

it('has epochs, warnings and an early end', async () => {
  const figures = { epoch: 1, loss: 0.5, seconds: 2, samplesPerSecond: 3, accuracy: 0.9 };
  expect(
    await rowsOf([
      { type: 'epochStart', epoch: 1, done: 0 },
      { type: 'epochEnd', epoch: 1, figures },
      { type: 'warning', code: 'train.last-batch', message: 'merged' },
      { type: 'runEnd', history: { epochs: [figures] } },
      { type: 'runEnd', history: { epochs: [], stopped: 'aborted' } },
    ]),
  ).toEqual([
    { type: 'epoch', ...figures },
    { type: 'warning', code: 'train.last-batch', message: 'merged' },
    { type: 'stopped', reason: 'aborted' },
  ]);
});
