// What optimizers remember per parameter: variables that begin at zero.
import type { TensorSpec, VariableSpec } from '@nn/core';
import { zeros } from '@nn/core';

/** A variable of the parameter's shape, zero before the first step. */
export function zeroSlot(parameter: TensorSpec): VariableSpec {
  const { shape, dtype } = parameter;
  return { shape, dtype, role: 'buffer', init: { from: [], fill: () => zeros(shape, dtype) } };
}
