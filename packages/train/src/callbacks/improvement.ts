// Following a figure from epoch to epoch, for what acts when it no longer improves.
import { ConfigError, checkChoice, checkInteger, checkNumber, didYouMean, resolveOptions, valueText } from '@nn/core';
import type { EpochFigures } from '../history.ts';

/** What is watched, and what counts as better. */
export interface ImprovementOptions {
  /** A figure of the history (`'validationLoss'`). */
  readonly monitor?: string;
  /** An improvement by no more than this counts as none (0). */
  readonly minimumDelta?: number;
  /** Whether less or more is better; losses want the minimum, everything else the maximum, unless given. */
  readonly goal?: 'minimum' | 'maximum';
}

/** The same with every default filled in. */
export interface Improvement extends Readonly<Required<ImprovementOptions>> {
  /** Epochs in a row without improvement that are borne. */
  readonly patience: number;
}

/** What is watched unless options say otherwise. */
export const improvementDefaults: Required<ImprovementOptions> = { monitor: 'validationLoss', minimumDelta: 0, goal: 'minimum' };

/**
 * The options of what acts when a figure no longer improves, with the goal that suits the figure.
 * @throws ConfigError for options out of range
 */
export function resolveImprovement<Resolved extends Improvement>(
  owner: string,
  given: Partial<Resolved>,
  { defaults, leastPatience }: { readonly defaults: Resolved; readonly leastPatience: number },
): Resolved {
  const stated = resolveOptions<Resolved>(owner, given, defaults);
  if (typeof stated.monitor !== 'string') {
    throw new ConfigError(`${owner}: monitor is ${valueText(stated.monitor)}; it is the name of a figure, such as 'validationLoss'.`);
  }
  const resolved = given.goal === undefined ? { ...stated, goal: goalOf(stated.monitor) } : stated;
  checkInteger(owner, 'patience', resolved.patience, { from: leastPatience });
  checkNumber(owner, 'minimumDelta', resolved.minimumDelta, { from: 0 });
  checkChoice(owner, 'goal', resolved.goal, ['minimum', 'maximum']);
  return resolved;
}

/** @throws ConfigError when a run that has these figures has none to watch */
export function expectFigure(owner: string, watched: Improvement | undefined, figures: readonly string[]): void {
  if (watched !== undefined && !figures.includes(watched.monitor)) throw noFigure(owner, watched.monitor, figures);
}

function noFigure(owner: string, monitor: string, figures: readonly string[]): ConfigError {
  const isMissing = monitor.startsWith('validation') && !figures.some((name) => name.startsWith('validation'));
  const hint = isMissing ? ' Give validation data to fit, or watch a figure of the training data.' : didYouMean(monitor, figures);
  return new ConfigError(`${owner}: there is no figure "${monitor}"; this run has ${figures.join(', ')}.${hint}`, 'config.unknown');
}

/** Losses want the minimum, everything else the maximum. */
function goalOf(monitor: string): Improvement['goal'] {
  return /loss$/i.test(monitor) ? 'minimum' : 'maximum';
}

/** Follows a figure from epoch to epoch. */
export class ImprovementWatch {
  readonly #owner: string;
  readonly #rule: Improvement;
  #best: number | undefined;
  #epochsWithout = 0;

  /** @param owner for messages: `earlyStopping` */
  constructor(owner: string, rule: Improvement) {
    this.#owner = owner;
    this.#rule = rule;
  }

  /** Whether this epoch is the best so far. @throws ConfigError when the figures do not have what is watched. */
  improves(figures: EpochFigures): boolean {
    const { monitor, goal, minimumDelta } = this.#rule;
    const value = figures[monitor];
    if (value === undefined) throw noFigure(this.#owner, monitor, Object.keys(figures));
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

  /** Has patience again; the best stays the best. */
  forgive(): void {
    this.#epochsWithout = 0;
  }
}
