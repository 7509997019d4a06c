// Records given as options: a factory that was not called is refused when the layer is made, not when it runs.
import type { AnyLayer, Initializer } from '@nn/core';
import { ConfigError, valueText } from '@nn/core';

/** @throws ConfigError unless `value` is an initializer */
export function checkInitializer(owner: string, option: string, value: Initializer): void {
  checkRecord(owner, option, value, 'fill', 'an initializer, such as heNormal()');
}

/** @throws ConfigError unless `value` is a layer */
export function checkLayer(owner: string, option: string, value: AnyLayer): void {
  checkRecord(owner, option, value, 'apply', 'a layer, such as dense(10)');
}

/** @throws ConfigError unless `value` is a record with the method `method` */
export function checkRecord(owner: string, option: string, value: unknown, method: string, expected: string): void {
  if (typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function') return;
  const kind: unknown = typeof value === 'function' ? Reflect.get(value, 'kind') : undefined;
  const call = typeof kind === 'string' ? ` Call the factory: ${kind}().` : '';
  throw new ConfigError(
    `${owner}: ${option} is ${typeof kind === 'string' ? `the factory ${kind}` : valueText(value)}; it is ${expected}.${call}`,
  );
}
