// metrics.jsonl: what happened in a run, a line of JSON each.
import type { Callback, TrainingEvent } from '@nn/kit';

/** Steps of an epoch that get a line, about. */
const stepLines = 100;

type Row = Readonly<Record<string, unknown>>;

/** A callback that passes on a row for each epoch, about a hundred steps of it, warnings, moves to another backend and an early end. */
export function metricsLog(append: (row: Row) => Promise<void>): Callback {
  return async (event) => {
    const row = rowOf(event);
    if (row !== undefined) await append(row);
  };
}

function rowOf(event: TrainingEvent): Row | undefined {
  switch (event.type) {
    case 'step': {
      const { type, step, epoch, batch, batches = batch, loss, gradientNorm, learningRate, samplesPerSecond } = event;
      const every = Math.ceil(batches / stepLines);
      if (batch % every !== 0 && batch !== 1 && batch !== batches) return undefined;
      return { type, step, epoch, batches, loss, gradientNorm, learningRate, samplesPerSecond };
    }
    case 'epochEnd':
      return { type: 'epoch', ...event.figures };
    case 'warning':
    case 'moved':
      return { ...event };
    case 'runEnd':
      return event.history.stopped === undefined ? undefined : { type: 'stopped', reason: event.history.stopped };
    default:
      return undefined;
  }
}
