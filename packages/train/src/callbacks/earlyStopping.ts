// Early stopping: when training should end because a figure no longer improves.
import { ConfigError, checkChoice, checkFlag, checkInteger, checkNumber, didYouMean, resolveOptions } from '@nn/core';
import type { EpochFigures } from '../history.ts';

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
  const goal = /loss$/i.test(monitor) ? 'minimum' : 'maximum';
  const checked = resolveOptions<EarlyStopping>('earlyStopping', options, { ...defaults, goal });
  checkInteger('earlyStopping', 'patience', checked.patience, { from: 0 });
  checkNumber('earlyStopping', 'minimumDelta', checked.minimumDelta, { from: 0 });
  checkFlag('earlyStopping', 'restoreBest', checked.restoreBest);
  checkChoice('earlyStopping', 'goal', checked.goal, ['minimum', 'maximum']);
  return Object.freeze(checked);
}

/** Follows a figure from epoch to epoch. */
export class ImprovementWatch {
  readonly #rule: EarlyStopping;
  #best: number | undefined;
  #epochsWithout = 0;

  constructor(rule: EarlyStopping) {
    this.#rule = rule;
  }

  /** Whether this epoch is the best so far. @throws ConfigError when the figures do not have what is watched. */
  improves(figures: EpochFigures): boolean {
    const { monitor, goal, minimumDelta } = this.#rule;
    const value = figures[monitor];
    if (value === undefined) {
      throw new ConfigError(
        `earlyStopping: there is no figure "${monitor}"; this run has ${Object.keys(figures).join(', ')}.` +
          (monitor.startsWith('validation')
            ? ' Give validation data to fit, or watch a figure of the training data.'
            : didYouMean(monitor, Object.keys(figures))),
        'config.unknown',
      );
    }
    const gain = goal === 'minimum' ? (this.#best ?? Infinity) - value : value - (this.#best ?? -Infinity);
    const better = gain > minimumDelta;
    if (better) this.#best = value;
    this.#epochsWithout = better ? 0 : this.#epochsWithout + 1;
    return better;
  }

  /** Whether patience has run out. */
  get exhausted(): boolean {
    return this.#epochsWithout > 0 && this.#epochsWithout >= this.#rule.patience;
  }
}
