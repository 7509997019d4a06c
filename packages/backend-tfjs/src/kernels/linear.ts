// `linear` by the product of TensorFlow.js that adds the bias while it writes.
import type { CompositeAttrs } from '@nn/core';
import type { TensorInfo } from '../vendor/contract.ts';
import type { Prepare } from './kernel.ts';

export const linear: Prepare<CompositeAttrs['linear']> = ({ outputs: [output] }) => {
  const { shape } = output!;
  return (scope, [x, kernel, bias]) => {
    const batched = (tensor: TensorInfo): TensorInfo => ({ ...tensor, shape: [1, ...tensor.shape] });
    const operands = { a: batched(x!), b: batched(kernel!) };
    const attrs = { transposeA: false, transposeB: false, activation: 'linear' };
    const product =
      bias === undefined ? scope.run('BatchMatMul', operands, attrs) : scope.run('_FusedMatMul', { ...operands, bias }, attrs);
    return [{ ...product, shape: [...shape] }];
  };
};
