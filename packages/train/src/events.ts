// The one stream of events of a trainer. Progress bars, log lines and files are made from it; nothing else reports.
import type { Warning } from '@nn/core';
import type { Evaluation, EpochFigures, History } from './history.ts';

/** What a program is compiled for. */
export type Purpose = 'training' | 'evaluation';

/** `fit` begins. */
export interface RunStartEvent {
  readonly type: 'runStart';
  readonly backend: string;
  /** The first epoch of this run, counted from 1 over the trainer's life, and the last one unless it is stopped. */
  readonly firstEpoch: number;
  readonly lastEpoch: number;
  /** Training rows in an epoch, when the data tell. */
  readonly rows?: number;
}

/** A program was compiled; it happens once per shape of a batch. */
export interface CompileEvent {
  readonly type: 'compile';
  readonly purpose: Purpose;
  /** Rows in the batches it takes. */
  readonly rows: number;
  readonly backend: string;
  readonly seconds: number;
}

export interface EpochStartEvent {
  readonly type: 'epochStart';
  readonly epoch: number;
  /** Batches of the epoch, when the data tell. */
  readonly batches?: number;
  /** Batches that were done before an interruption and are left out. */
  readonly done: number;
}

/** One training step is done. */
export interface StepEvent {
  readonly type: 'step';
  /** Counted from 1 over the trainer's life. */
  readonly step: number;
  readonly epoch: number;
  /** Counted from 1 within the epoch. */
  readonly batch: number;
  /** Batches of the epoch, when the data tell. */
  readonly batches?: number;
  readonly rows: number;
  readonly learningRate: number;
  /** Mean over the batch, penalties included. */
  readonly loss: number;
  /** Length of all gradients together, before they are transformed. */
  readonly gradientNorm: number;
  /** Loss and metrics over the epoch so far. */
  readonly figures: Evaluation;
  readonly samplesPerSecond: number;
}

export interface EpochEndEvent {
  readonly type: 'epochEnd';
  readonly epoch: number;
  readonly figures: EpochFigures;
}

/** Something that did not stop the work and should be known. */
export interface WarningEvent extends Warning {
  readonly type: 'warning';
}

/** A figure no longer improves, so the learning rate was lowered. */
export interface LearningRateReducedEvent {
  readonly type: 'learningRateReduced';
  /** The epoch after which it was. */
  readonly epoch: number;
  /** The figure: `validationLoss`. */
  readonly monitor: string;
  readonly from: number;
  readonly to: number;
}

/** `moveTo` is done. */
export interface MovedEvent {
  readonly type: 'moved';
  readonly from: string;
  readonly to: string;
}

/** `fit` ends; not sent when it throws. */
export interface RunEndEvent {
  readonly type: 'runEnd';
  readonly history: History;
}

/** A preparation has set starting values from data, before the first step. */
export interface PreparedEvent {
  readonly type: 'prepared';
  /** Kind of the preparation: `lsuv`. */
  readonly by: string;
  /** Rows of the batch it looked at. */
  readonly rows: number;
  readonly seconds: number;
}

export type TrainingEvent =
  | RunStartEvent
  | PreparedEvent
  | CompileEvent
  | EpochStartEvent
  | StepEvent
  | EpochEndEvent
  | LearningRateReducedEvent
  | WarningEvent
  | MovedEvent
  | RunEndEvent;

/** Hears every event, in order; training goes on when it returns or its promise resolves. What it throws, `fit` throws. */
export type Callback = (event: TrainingEvent) => void | Promise<void>;
