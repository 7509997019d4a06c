// Options of factories: unknown names and values out of range are refused where they are written, not where they are used.
import { ConfigError } from './errors.ts';
import { didYouMean } from './suggest.ts';

/** What to say about names that other libraries use: `{ stddev: 'Give deviation.' }`. */
export type ForeignNames = Readonly<Record<string, string>>;

declare const none: unique symbol;

/** Options of a factory that has none: `resolveOptions(kind, given, {})` refuses every name, and so does the compiler. */
export interface NoOptions {
  readonly [none]?: never;
}

/**
 * The options given, with the defaults for those that are not.
 *
 * @param owner the factory, for messages: `'adam'`
 * @throws ConfigError for a name that is no option, and for anything that is no object of options
 */
export function resolveOptions<Resolved extends object>(
  owner: string,
  given: { readonly [Name in keyof Resolved]?: Resolved[Name] | undefined },
  defaults: Resolved,
  foreign: ForeignNames = {},
): Resolved {
  const names = Object.keys(defaults);
  const listed = names.length === 0 ? 'It has none' : `Its options are ${names.join(', ')}`;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new ConfigError(`${owner} takes its options as an object, not ${valueText(given)}. ${listed}.`);
  }
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const hint = Object.hasOwn(foreign, unknown) ? ` ${foreign[unknown]}` : didYouMean(unknown, names);
    throw new ConfigError(`${owner} has no option "${unknown}".${hint} ${listed}.`, 'config.unknown');
  }
  const definite = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(definite) };
}

/** Bounds of a number: `from` and `to` belong to the range, `above` and `below` do not. */
export interface NumberRange {
  readonly from?: number;
  readonly above?: number;
  readonly to?: number;
  readonly below?: number;
}

/** Returns `value`. @throws ConfigError unless it is a finite number within `range` */
export function checkNumber(owner: string, option: string, value: number, range: NumberRange = {}): number {
  if (Number.isFinite(value) && isWithin(value, range)) return value;
  throw wrongOption(owner, option, value, `a finite number${rangeText(range)}.`);
}

/** Returns `value`. @throws ConfigError unless it is an integer within `range` */
export function checkInteger(owner: string, option: string, value: number, range: NumberRange = {}): number {
  if (Number.isSafeInteger(value) && isWithin(value, range)) return value;
  throw wrongOption(owner, option, value, `an integer${rangeText(range)}.`);
}

/** Returns `value`. @throws ConfigError unless it is true or false */
export function checkFlag(owner: string, option: string, value: boolean): boolean {
  if (typeof value === 'boolean') return value;
  throw wrongOption(owner, option, value, 'true or false.');
}

/** Returns `value`. @throws ConfigError unless it is one of `choices` */
export function checkChoice<Choice extends string>(owner: string, option: string, value: unknown, choices: readonly Choice[]): Choice {
  const chosen = choices.find((choice) => choice === value);
  if (chosen !== undefined) return chosen;
  const hint = typeof value === 'string' ? didYouMean(value, choices) : '';
  throw wrongOption(owner, option, value, `${choices.map(valueText).join(' or ')}.${hint}`);
}

function wrongOption(owner: string, option: string, value: unknown, expected: string): ConfigError {
  return new ConfigError(`${owner}: ${option} is ${valueText(value)}; it is ${expected}`);
}

/** A value of any kind as a message shows it, shortly: strings in quotes, objects and functions by what they are. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > longestText ? `${value.slice(0, longestText)}…` : value}'`;
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return 'an array';
  const { constructor } = (Object.getPrototypeOf(value) ?? {}) as { constructor?: unknown };
  return typeof constructor === 'function' && constructor !== Object ? `an object of class ${constructor.name}` : 'an object';
}

const longestText = 60;

function isWithin(value: number, { from = -Infinity, above = -Infinity, to = Infinity, below = Infinity }: NumberRange): boolean {
  return value >= from && value > above && value <= to && value < below;
}

function rangeText({ from, above, to, below }: NumberRange): string {
  const lower = from === undefined ? (above === undefined ? '' : ` above ${above}`) : ` of at least ${from}`;
  const upper = to === undefined ? (below === undefined ? '' : ` below ${below}`) : ` up to ${to}`;
  return lower !== '' && upper !== '' ? `${lower} and${upper}` : lower + upper;
}
