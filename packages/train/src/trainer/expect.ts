// Checks of the parts that a trainer is made of, with the mistakes that are made most often named.
import type { Backend } from '@nn/core';
import { ConfigError, valueText } from '@nn/core';

/**
 * @param what names the option: `createTrainer: optimizer`
 * @throws ConfigError unless `value` is an object with the method `method`; factories not called and promises not awaited are told apart
 */
export function expectMethod(value: unknown, method: string, what: string, expected: string): void {
  if (typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function') return;
  const call = typeof value === 'function' ? ` Call the factory: ${factoryName(value)}(…).` : '';
  const wait = value instanceof Promise ? ' It is a promise: put await in front of it.' : '';
  throw new ConfigError(`${what} is ${valueText(value)}; it is ${expected}.${call}${wait}`);
}

/** @throws ConfigError unless every entry of `list` has the method */
export function expectMethods(list: unknown, method: string, what: string, expected: string): void {
  if (!Array.isArray(list)) throw new ConfigError(`${what} is ${valueText(list)}; it is a list, of ${expected}.`);
  list.forEach((entry: unknown, index) => expectMethod(entry, method, `${what}[${index}]`, expected));
}

/** @throws ConfigError unless `list` is a list of functions */
export function expectFunctions(list: unknown, what: string): void {
  if (Array.isArray(list) && list.every((entry) => typeof entry === 'function')) return;
  throw new ConfigError(`${what} is ${valueText(list)}; it is a list of functions.`);
}

/** @throws ConfigError for something that is no backend */
export function expectBackend(backend: Backend, owner: string): void {
  expectMethod(backend, 'createStore', `${owner}: backend`, 'a backend, such as await cpuBackend()');
}

function factoryName(factory: object): string {
  const name: unknown = Reflect.get(factory, 'kind') ?? Reflect.get(factory, 'name');
  return typeof name === 'string' && name !== '' ? name : 'make';
}
