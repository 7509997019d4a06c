// What optimizers remember per parameter.
import type { TensorSpec, VariableSpec } from '@nn/core';
import { full, zeros } from '@nn/core';

/** A variable of the parameter's shape, zero before the first step. */
export function zeroSlot({ shape, dtype }: TensorSpec): VariableSpec {
  return { shape, dtype, role: 'buffer', init: { from: [], fill: () => zeros(shape, dtype) } };
}

/** A variable of the parameter's shape that begins with one value everywhere. */
export function filledSlot({ shape, dtype }: TensorSpec, value: number): VariableSpec {
  return { shape, dtype, role: 'buffer', init: { from: [], fill: () => full(shape, value, dtype) } };
}
