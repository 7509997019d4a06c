// Records given as options: a factory that was not called is refused when the layer is made, not when it runs.
import type { AnyLayer, Initializer } from '@nn/core';
import { expectMethod } from '@nn/core';

/** @throws ConfigError unless `value` is an initializer */
export function checkInitializer(owner: string, option: string, value: Initializer): void {
  expectMethod(value, 'fill', `${owner}: ${option}`, 'an initializer, such as heNormal()');
}

/** @throws ConfigError unless `value` is a layer */
export function checkLayer(owner: string, option: string, value: AnyLayer): void {
  expectMethod(value, 'apply', `${owner}: ${option}`, 'a layer, such as dense(10)');
}
