// What functions of users give while a program is traced: tensors, not numbers, and not promises of them.
import type { Tensor } from '@nn/core';
import { ConfigError, isTensor, valueText } from '@nn/core';

/**
 * @param what names what gave the value: `'The metric accuracy'`
 * @throws ConfigError unless it is a tensor
 */
export function expectTensor(value: unknown, what: string): asserts value is Tensor {
  if (!isTensor(value)) throw notExpected(value, what, 'a tensor');
}

/** @throws ConfigError unless it is a record of tensors */
export function expectTensors(value: unknown, what: string): asserts value is Readonly<Record<string, Tensor>> {
  if (!isRecord(value) || isTensor(value)) throw notExpected(value, what, 'a record of tensors');
  for (const [name, part] of Object.entries(value)) expectTensor(part, `${what} under "${name}"`);
}

/** @throws ConfigError unless it is a record */
export function expectRecord(value: unknown, what: string, expected: string): asserts value is object {
  if (!isRecord(value)) throw notExpected(value, what, expected);
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Promise);
}

function notExpected(value: unknown, what: string, expected: string): ConfigError {
  const wait = value instanceof Promise ? ' Tracing is synchronous: leave async out, and load data before.' : '';
  const call =
    typeof value === 'object' && value !== null && 'apply' in value
      ? ' A factory such as softmaxCrossEntropy is called before it is passed: softmaxCrossEntropy().'
      : '';
  return new ConfigError(`${what} gives ${valueText(value)}; it is to give ${expected}.${wait}${call}`);
}
