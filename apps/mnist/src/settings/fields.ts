// Kinds of settings: how a value is read from the text of a flag, and what values there are. One kind serves flags and config.json.
import type { NumberRange } from '@nn/kit';
import { ConfigError, checkChoice, checkInteger, checkNumber, valueText } from '@nn/kit';

export interface Field<T> {
  /** Stands for the value in help texts: `<count>`. */
  readonly placeholder: string;
  /** The value that a text means, unchecked; texts that mean none are given back. */
  parse(text: string): unknown;
  /** Returns `value`. @throws ConfigError naming `owner` and `name` unless it is a value of this kind */
  check(owner: string, name: string, value: unknown): T;
  /** The value as one would type it: what `parse` reads. */
  print(value: T): string;
  /** The texts of single values in a text that may name several. */
  split(text: string): readonly string[];
  /** The value of a flag that is given again; left out where only the last one counts. */
  join?(earlier: T, later: T): T;
}

const betweenCommas = (given: string): readonly string[] => given.split(',');
/** For values that may hold commas themselves. */
const whole = (given: string): readonly string[] => [given];

/** One of some names, or what people write for one. */
export function choice<const Name extends string>(names: readonly Name[], aliases: Readonly<Record<string, Name>> = {}): Field<Name> {
  return {
    placeholder: names.join('|').length > 24 ? '<name>' : `<${names.join('|')}>`,
    parse: (given) => (Object.hasOwn(aliases, given) ? aliases[given] : given),
    check: (owner, name, value) => checkChoice(owner, name, value, names),
    print: (value) => value,
    split: betweenCommas,
  };
}

/** Some of some names, one after the other: `shift+rotate`; `none` is an empty list. */
export function combination<const Name extends string>(placeholder: string, names: readonly Name[]): Field<readonly Name[]> {
  return {
    placeholder,
    parse: (given) => (given === 'none' ? [] : given.split('+')),
    check(owner, name, value) {
      if (!Array.isArray(value)) throw new ConfigError(`${owner}: ${name} is ${valueText(value)}; it is a list of names.`);
      return value.map((part) => checkChoice(owner, name, part, names));
    },
    print: (value) => (value.length === 0 ? 'none' : value.join('+')),
    split: betweenCommas,
  };
}

export function integer(placeholder: string, range: NumberRange): Field<number> {
  // The checks take any value: what is no number is in no range.
  const check = (owner: string, name: string, value: unknown): number => checkInteger(owner, name, value as number, range);
  return { placeholder, parse: numberIn, check, print: String, split: betweenCommas };
}

export function decimal(placeholder: string, range: NumberRange): Field<number> {
  const check = (owner: string, name: string, value: unknown): number => checkNumber(owner, name, value as number, range);
  return { placeholder, parse: numberIn, check, print: String, split: betweenCommas };
}

/** Integers between commas; `none` is an empty list. */
export function integers(placeholder: string, range: NumberRange): Field<readonly number[]> {
  const one = integer(placeholder, range);
  return {
    placeholder,
    parse: (given) => (given === 'none' ? [] : given.split(',').map((part) => one.parse(part))),
    check(owner, name, value) {
      if (!Array.isArray(value)) throw new ConfigError(`${owner}: ${name} is ${valueText(value)}; it is a list of integers.`);
      return value.map((part) => one.check(owner, name, part));
    },
    print: (value) => (value.length === 0 ? 'none' : value.join(',')),
    split: whole,
  };
}

/** Any text but an empty one. */
export function text(placeholder: string): Field<string> {
  return {
    placeholder,
    parse: (given) => given,
    check(owner, name, value) {
      if (typeof value === 'string' && value !== '') return value;
      throw new ConfigError(`${owner}: ${name} is ${valueText(value)}; it is a text that is not empty.`);
    },
    print: (value) => value,
    split: whole,
  };
}

/** A setting that may be left open: null. */
export function optional<T>(field: Field<T>): Field<T | null> {
  return {
    ...field,
    check: (owner, name, value) => (value === null ? null : field.check(owner, name, value)),
    print: (value) => (value === null ? 'default' : field.print(value)),
  };
}

function numberIn(given: string): unknown {
  // Number('') is 0, and Number('0x10') 16: neither is what was meant.
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(given.trim()) ? Number(given) : given;
}
