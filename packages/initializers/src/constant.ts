// Initializers that give every element the same value: for biases, gamma and beta. Kernels need different values, or their units
// stay copies of each other.
import type { Initializer, NoOptions } from '@nn/core';
import { checkNumber, defineFactory, resolveOptions } from '@nn/core';
import { float32Range, initializerOf } from './initializer.ts';

/** 0 everywhere. */
export const zeros = defineFactory('zeros', createZeros, createZeros);

/** 1 everywhere. */
export const ones = defineFactory('ones', createOnes, createOnes);

/** `value` everywhere. @throws ConfigError unless it is finite in float32 */
export const constant = defineFactory('constant', createConstant, ({ value }) => createConstant(value as number));

function createZeros(given: NoOptions = {}): Initializer {
  return initializerOf('zeros', resolveOptions('zeros', given, {}), () => {});
}

function createOnes(given: NoOptions = {}): Initializer {
  return initializerOf('ones', resolveOptions('ones', given, {}), (out) => out.fill(1));
}

function createConstant(value: number): Initializer {
  checkNumber('constant', 'value', value, float32Range);
  return initializerOf('constant', { value }, (out) => out.fill(value));
}
