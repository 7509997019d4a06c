// Checks of the lists that a trainer is made of.
import { ConfigError, expectMethod, valueText } from '@nn/core';

/** @throws ConfigError unless every entry of `list` has the method */
export function expectMethods(list: unknown, method: string, what: string, expected: string): void {
  if (!Array.isArray(list)) throw new ConfigError(`${what} is ${valueText(list)}; it is a list, each entry ${expected}.`);
  list.forEach((entry: unknown, index) => expectMethod(entry, method, `${what}[${index}]`, expected));
}

/** @throws ConfigError unless `list` is a list of functions */
export function expectFunctions(list: unknown, what: string): void {
  if (Array.isArray(list) && list.every((entry) => typeof entry === 'function')) return;
  throw new ConfigError(`${what} is ${valueText(list)}; it is a list of functions.`);
}
