// Records given where they are needed, with the mistakes that are made most often named.
import { ConfigError } from './errors.ts';
import { valueText } from './options.ts';

/**
 * @param what names the value in messages: `'createTrainer: optimizer'`
 * @throws ConfigError unless `value` is a record with the method `method`; factories not called and promises not awaited are told apart
 */
export function expectMethod(value: unknown, method: string, what: string, expected: string): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && typeof Reflect.get(value, method) === 'function') return;
  const factory = typeof value === 'function' && value.name;
  const call = factory ? ` Call the factory: ${factory}(…).` : '';
  const wait = value instanceof Promise ? ' It is a promise: put await in front of it.' : '';
  throw new ConfigError(`${what} is ${factory ? `the factory ${factory}` : valueText(value)}; it is ${expected}.${call}${wait}`);
}

/** @throws ConfigError for something that is no backend */
export function expectBackend(backend: unknown, owner: string): void {
  expectMethod(backend, 'createStore', `${owner}: backend`, 'a backend, such as await cpuBackend()');
}
