// The options of `fit`, checked and with their defaults.
import { checkChoice, checkFlag, checkInteger, expectMethod, resolveOptions } from '@nn/core';
import type { Augmentation, DataSource, ForeignArrays, LastBatch } from '@nn/data';
import { lastBatchRules } from '@nn/data';
import type { EarlyStopping, EarlyStoppingOptions } from '../callbacks/earlyStopping.ts';
import { earlyStopping } from '../callbacks/earlyStopping.ts';
import type { ReduceOnPlateau, ReduceOnPlateauOptions } from '../callbacks/reduceOnPlateau.ts';
import { reduceOnPlateau } from '../callbacks/reduceOnPlateau.ts';
import type { Callback } from '../events.ts';
import { expectFunctions } from './expect.ts';

export interface FitOptions {
  /** How many times to go through the data; an epoch that was interrupted is the first of them (1). */
  readonly epochs?: number;
  /** Rows in a batch (32). The batches of a stream are taken as they come unless it is given. */
  readonly batchSize?: number;
  /** Judged after every epoch: `validationLoss`, `validationAccuracy`, … in the history. */
  readonly validation?: DataSource | ForeignArrays;
  /** Another order in every epoch, which follows from seed and epoch (true). A stream keeps its own order. */
  readonly shuffle?: boolean;
  /** What becomes of the rows that do not fill a batch: a short batch (`'keep'`, default), nothing, or part of the batch before. */
  readonly lastBatch?: LastBatch;
  /** Changes every sample anew in every epoch: `augment([shift(), rotate()])`. Validation data stay as they are. */
  readonly augmentation?: Augmentation;
  /** Hear every event of this run. */
  readonly callbacks?: readonly Callback[];
  /** Stops after the running step; what was done stays, the history says so, and the next `fit` goes on from there. */
  readonly signal?: AbortSignal;
  /** Ends training when a figure no longer improves. */
  readonly earlyStopping?: EarlyStoppingOptions;
  /** Lowers the learning rate when a figure no longer improves. */
  readonly reduceOnPlateau?: ReduceOnPlateauOptions;
}

/** Options that have options of their own. */
type Watched = 'earlyStopping' | 'reduceOnPlateau';

/** Undefined where there is no default. */
export type CheckedFitOptions = { readonly [Name in keyof Required<Omit<FitOptions, Watched>>]: FitOptions[Name] } & {
  readonly epochs: number;
  readonly shuffle: boolean;
  readonly lastBatch: LastBatch;
  readonly callbacks: readonly Callback[];
  readonly earlyStopping: EarlyStopping | undefined;
  readonly reduceOnPlateau: ReduceOnPlateau | undefined;
};

/** The options with their defaults, as given. */
type Resolved = Omit<CheckedFitOptions, Watched> & { readonly [Name in Watched]: FitOptions[Name] };

const defaults: Resolved = {
  epochs: 1,
  batchSize: undefined,
  validation: undefined,
  shuffle: true,
  lastBatch: 'keep',
  augmentation: undefined,
  callbacks: [],
  signal: undefined,
  earlyStopping: undefined,
  reduceOnPlateau: undefined,
};

/** @throws ConfigError for an unknown option or one out of range */
export function checkFitOptions(options: FitOptions): CheckedFitOptions {
  const checked = resolveOptions<Resolved>('fit', options, defaults, {
    validationData: 'Give validation.',
    steps: 'Give epochs, or a signal to stop with.',
  });
  checkInteger('fit', 'epochs', checked.epochs, { from: 0 });
  if (checked.batchSize !== undefined) checkInteger('fit', 'batchSize', checked.batchSize, { from: 1 });
  checkFlag('fit', 'shuffle', checked.shuffle);
  checkChoice('fit', 'lastBatch', checked.lastBatch, lastBatchRules);
  expectFunctions(checked.callbacks, 'fit: callbacks');
  if (checked.augmentation !== undefined) expectMethod(checked.augmentation, 'apply', 'fit: augmentation', 'made by augment([shift(), …])');
  if (checked.signal !== undefined)
    expectMethod(checked.signal, 'throwIfAborted', 'fit: signal', 'an AbortSignal, such as controller.signal');
  return {
    ...checked,
    earlyStopping: checked.earlyStopping === undefined ? undefined : earlyStopping(checked.earlyStopping),
    reduceOnPlateau: checked.reduceOnPlateau === undefined ? undefined : reduceOnPlateau(checked.reduceOnPlateau),
  };
}
