// What a run leaves behind: figures per epoch, and why it ended.
import type { Figure } from '@nn/core';

/** The figures of one epoch. Besides these: one per metric (`accuracy`), and each with `validation` in front (`validationLoss`). */
export interface EpochFigures {
  /** Counted from 1 over the trainer's life. */
  readonly epoch: number;
  /** Mean over the samples of the epoch, each taken when its batch was trained on, penalties included. */
  readonly loss: number;
  /** Wall time of the training steps, validation not included. */
  readonly seconds: number;
  /** Training samples per second of that time. */
  readonly samplesPerSecond: number;
  readonly [figure: string]: number;
}

/** What `fit` returns. */
export interface History {
  readonly epochs: readonly EpochFigures[];
  /** Why it ended before all epochs were done; absent when they were. */
  readonly stopped?: 'aborted' | 'earlyStopping';
  /** The epoch whose parameters were restored by early stopping. */
  readonly restoredEpoch?: number;
}

/**
 * What `evaluate` returns: the loss and one figure per metric. That is a number, unless the trainer has a metric that comes to an array
 * (`confusionMatrix`). Histories and events hold the numbers.
 */
export type Evaluation<Value extends Figure = number> = { readonly loss: number } & Readonly<Record<string, Value>>;

/** Names of the figures of an epoch, from those of the metrics in training and, where there are validation data, in validation. */
export function figureNames(training: readonly string[], validation: readonly string[] | undefined): readonly string[] {
  const validated = validation === undefined ? [] : ['loss', ...validation].map(validationName);
  return ['epoch', 'loss', ...training, ...validated, 'seconds', 'samplesPerSecond'];
}

/** `accuracy` → `validationAccuracy`: the name a figure of the validation data has in the history. */
export function validationName(figure: string): string {
  return `validation${figure.charAt(0).toUpperCase()}${figure.slice(1)}`;
}
