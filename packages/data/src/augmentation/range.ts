// Options that are a range: two numbers, the smaller one first.
import { ConfigError, valueText } from '@nn/core';

/** From the smallest to the largest number, both included. */
export type Range = readonly [smallest: number, largest: number];

/** Returns `value`. @throws ConfigError unless it is a list of two numbers, the first not above the second */
export function checkRangeOption(owner: string, option: string, value: Range): Range {
  const given: unknown = value;
  const isPair = Array.isArray(given) && given.length === 2 && given.every((entry) => typeof entry === 'number');
  if (isPair && value[0] <= value[1]) return value;
  const text = isPair ? `[${value.join(', ')}]` : valueText(given);
  throw new ConfigError(`${owner}: ${option} is ${text}; it is a list of two numbers, the smaller one first.`);
}
