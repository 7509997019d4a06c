// Early stopping: when training should end because a figure no longer improves.
import { checkChoice, checkFlag, checkInteger, checkNumber, resolveOptions } from '@nn/core';
import { goalOf } from './improvement.ts';

export interface EarlyStoppingOptions {
  /** A figure of the history (`'validationLoss'`). */
  readonly monitor?: string;
  /** Epochs in a row without improvement after which training ends (3). */
  readonly patience?: number;
  /** An improvement by no more than this counts as none (0). */
  readonly minimumDelta?: number;
  /** Goes back to the state at the end of the best epoch when training is over (false). */
  readonly restoreBest?: boolean;
  /** Whether less or more is better; losses want the minimum, everything else the maximum, unless given. */
  readonly goal?: 'minimum' | 'maximum';
}

/** What to watch, with every default filled in. */
export type EarlyStopping = Readonly<Required<EarlyStoppingOptions>>;

const defaults: EarlyStopping = { monitor: 'validationLoss', patience: 3, minimumDelta: 0, restoreBest: false, goal: 'minimum' };

/**
 * Ends training when a figure stops improving: `fit(data, { earlyStopping: earlyStopping({ patience: 2, restoreBest: true }) })`.
 * @throws ConfigError for options out of range
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  const { monitor = defaults.monitor } = options;
  const checked = resolveOptions<EarlyStopping>('earlyStopping', options, { ...defaults, goal: goalOf(monitor) });
  checkInteger('earlyStopping', 'patience', checked.patience, { from: 0 });
  checkNumber('earlyStopping', 'minimumDelta', checked.minimumDelta, { from: 0 });
  checkFlag('earlyStopping', 'restoreBest', checked.restoreBest);
  checkChoice('earlyStopping', 'goal', checked.goal, ['minimum', 'maximum']);
  return Object.freeze(checked);
}
