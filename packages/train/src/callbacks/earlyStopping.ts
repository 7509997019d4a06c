// Early stopping: when training should end because a figure no longer improves.
import { checkFlag } from '@nn/core';
import type { ImprovementOptions } from './improvement.ts';
import { improvementDefaults, resolveImprovement } from './improvement.ts';

export interface EarlyStoppingOptions extends ImprovementOptions {
  /** Epochs in a row without improvement after which training ends (3). */
  readonly patience?: number;
  /** Goes back to the state at the end of the best epoch when training is over (false). */
  readonly restoreBest?: boolean;
}

/** What to watch, with every default filled in. */
export type EarlyStopping = Readonly<Required<EarlyStoppingOptions>>;

const defaults: EarlyStopping = { ...improvementDefaults, patience: 3, restoreBest: false };

/**
 * Ends training when a figure stops improving: `fit(data, { earlyStopping: earlyStopping({ patience: 2, restoreBest: true }) })`.
 * @throws ConfigError for options out of range
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  const resolved = resolveImprovement<EarlyStopping>('earlyStopping', options, { defaults, leastPatience: 0 });
  checkFlag('earlyStopping', 'restoreBest', resolved.restoreBest);
  return Object.freeze(resolved);
}
