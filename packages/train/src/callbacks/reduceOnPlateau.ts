// Lowering the learning rate when a figure no longer improves.
import { checkChoice, checkInteger, checkNumber, resolveOptions } from '@nn/core';
import type { EpochFigures } from '../history.ts';
import { ImprovementWatch, goalOf } from './improvement.ts';

export interface ReduceOnPlateauOptions {
  /** A figure of the history (`'validationLoss'`). */
  readonly monitor?: string;
  /** What the rate is multiplied by, between 0 and 1 (0.1). */
  readonly factor?: number;
  /** Epochs in a row without improvement after which it is, from 1 (10). */
  readonly patience?: number;
  /** Epochs after a reduction in which nothing is counted (0). */
  readonly cooldown?: number;
  /** An improvement by no more than this counts as none (0). */
  readonly minimumDelta?: number;
  /** The rate goes no lower than this, from 0 (0). */
  readonly minimum?: number;
  /** Whether less or more is better; losses want the minimum, everything else the maximum, unless given. */
  readonly goal?: 'minimum' | 'maximum';
}

/** What to watch, with every default filled in. */
export type ReduceOnPlateau = Readonly<Required<ReduceOnPlateauOptions>>;

const defaults: ReduceOnPlateau = {
  monitor: 'validationLoss',
  factor: 0.1,
  patience: 10,
  cooldown: 0,
  minimumDelta: 0,
  minimum: 0,
  goal: 'minimum',
};

/**
 * Lowers the learning rate when a figure stops improving: `fit(data, { reduceOnPlateau: reduceOnPlateau({ factor: 0.5, patience: 2 }) })`.
 * The factor is on whatever rate or schedule the optimizer has; it stays for later calls of `fit` and is saved in checkpoints. The count of
 * epochs without improvement begins anew with every `fit`.
 *
 * @throws ConfigError for options out of range
 */
export function reduceOnPlateau(options: ReduceOnPlateauOptions = {}): ReduceOnPlateau {
  const { monitor = defaults.monitor } = options;
  const checked = resolveOptions<ReduceOnPlateau>('reduceOnPlateau', options, { ...defaults, goal: goalOf(monitor) });
  checkNumber('reduceOnPlateau', 'factor', checked.factor, { above: 0, below: 1 });
  checkInteger('reduceOnPlateau', 'patience', checked.patience, { from: 1 });
  checkInteger('reduceOnPlateau', 'cooldown', checked.cooldown, { from: 0 });
  checkNumber('reduceOnPlateau', 'minimumDelta', checked.minimumDelta, { from: 0 });
  checkNumber('reduceOnPlateau', 'minimum', checked.minimum, { from: 0 });
  checkChoice('reduceOnPlateau', 'goal', checked.goal, ['minimum', 'maximum']);
  return Object.freeze(checked);
}

/** Says after which epochs the rate is lowered. */
export class PlateauWatch {
  readonly #watch: ImprovementWatch;
  readonly #cooldown: number;
  #cooling = 0;

  constructor(rule: ReduceOnPlateau) {
    this.#watch = new ImprovementWatch('reduceOnPlateau', rule);
    this.#cooldown = rule.cooldown;
  }

  /** @throws ConfigError when the figures do not have what is watched */
  reducesAfter(figures: EpochFigures): boolean {
    this.#watch.improves(figures);
    if (this.#cooling > 0) {
      this.#cooling -= 1;
      this.#watch.forgive();
    }
    if (!this.#watch.exhausted) return false;
    this.#watch.forgive();
    this.#cooling = this.#cooldown;
    return true;
  }
}
