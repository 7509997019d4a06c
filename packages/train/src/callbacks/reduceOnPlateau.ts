// Lowering the learning rate when a figure no longer improves.
import { checkInteger, checkNumber } from '@nn/core';
import type { EpochFigures } from '../history.ts';
import type { ImprovementOptions } from './improvement.ts';
import { ImprovementWatch, improvementDefaults, resolveImprovement } from './improvement.ts';

export interface ReduceOnPlateauOptions extends ImprovementOptions {
  /** What the rate is multiplied by, between 0 and 1 (0.1). */
  readonly factor?: number;
  /** Epochs in a row without improvement after which it is, from 1 (10). */
  readonly patience?: number;
  /** Epochs after a reduction in which nothing is counted (0). */
  readonly cooldown?: number;
  /** The rate goes no lower than this, from 0 (0). */
  readonly minimum?: number;
}

/** What to watch, with every default filled in. */
export type ReduceOnPlateau = Readonly<Required<ReduceOnPlateauOptions>>;

const defaults: ReduceOnPlateau = { ...improvementDefaults, factor: 0.1, patience: 10, cooldown: 0, minimum: 0 };

/**
 * Lowers the learning rate when a figure stops improving: `fit(data, { reduceOnPlateau: reduceOnPlateau({ factor: 0.5, patience: 2 }) })`.
 * The factor is on whatever rate or schedule the optimizer has; it stays for later calls of `fit` and is saved in checkpoints. The count of
 * epochs without improvement begins anew with every `fit`.
 *
 * @throws ConfigError for options out of range
 */
export function reduceOnPlateau(options: ReduceOnPlateauOptions = {}): ReduceOnPlateau {
  const resolved = resolveImprovement<ReduceOnPlateau>('reduceOnPlateau', options, { defaults, leastPatience: 1 });
  checkNumber('reduceOnPlateau', 'factor', resolved.factor, { above: 0, below: 1 });
  checkInteger('reduceOnPlateau', 'cooldown', resolved.cooldown, { from: 0 });
  checkNumber('reduceOnPlateau', 'minimum', resolved.minimum, { from: 0 });
  return Object.freeze(resolved);
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
