// Progress as lines of text, for logs and terminals that are none.
import { ConfigError, checkInteger, resolveOptions, valueText } from '@nn/core';
import type { Callback, TrainingEvent } from '../events.ts';

export interface LogProgressOptions {
  /** Gets every line, without a line end: `console.log`, or the `write` of a log. */
  readonly write: (line: string) => void;
  /** A line every so many steps, beside the one per epoch (none). */
  readonly everySteps?: number;
}

const noOptions: Readonly<Record<keyof LogProgressOptions, undefined>> = { write: undefined, everySteps: undefined };

/**
 * A callback that writes a line when an epoch ends, when something is worth a warning, and every `everySteps` steps.
 * @throws ConfigError for options that are missing, unknown or out of range
 */
export function logProgress(options: LogProgressOptions): Callback {
  resolveOptions<Readonly<Record<keyof LogProgressOptions, unknown>>>('logProgress', options, noOptions, { every: 'Give everySteps.' });
  const { write, everySteps } = options;
  if (typeof write !== 'function') {
    throw new ConfigError(`logProgress: write is ${valueText(write)}; it is a function of a line, such as console.log.`);
  }
  if (everySteps !== undefined) checkInteger('logProgress', 'everySteps', everySteps, { from: 1 });
  return (event) => {
    const line = lineOf(event, everySteps);
    if (line !== undefined) write(line);
  };
}

function lineOf(event: TrainingEvent, everySteps: number | undefined): string | undefined {
  switch (event.type) {
    case 'runStart':
      return `training on ${event.backend}, epochs ${event.firstEpoch} to ${event.lastEpoch}${event.rows === undefined ? '' : `, ${event.rows} samples`}`;
    case 'step': {
      if (everySteps === undefined || event.step % everySteps !== 0) return undefined;
      const of = event.batches === undefined ? '' : `/${event.batches}`;
      return `epoch ${event.epoch}, batch ${event.batch}${of}: ${figuresText(event.figures)}`;
    }
    case 'epochEnd': {
      const { epoch, seconds, samplesPerSecond, ...figures } = event.figures;
      return `epoch ${epoch}: ${figuresText(figures)}, ${seconds.toFixed(1)} s, ${Math.round(samplesPerSecond)} samples/s`;
    }
    case 'warning':
      return `warning: ${event.message}`;
    case 'prepared':
      return `prepared by ${event.by} with ${event.rows} samples, ${event.seconds.toFixed(1)} s`;
    case 'learningRateReduced':
      return `${event.monitor} no longer improves: the learning rate goes from ${event.from} to ${event.to}`;
    case 'moved':
      return `moved from ${event.from} to ${event.to}`;
    case 'runEnd':
      return event.history.stopped === undefined ? undefined : `stopped: ${event.history.stopped}`;
    case 'compile':
    case 'epochStart':
      return undefined;
  }
}

function figuresText(figures: Readonly<Record<string, number>>): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
    .join(', ');
}
