// Convolutions and their gradients by TensorFlow.js, where it has them: without groups, and gradients without dilation.
import type { CompositeAttrs, Conv2dAttrs, Instr, TensorSpec } from '@nn/core';
import { sizeOf } from '@nn/core';
import type { KernelAttributes } from '../vendor/contract.ts';
import type { Prepare } from './kernel.ts';

export const conv2d: Prepare<CompositeAttrs['conv2d']> =
  ({ attrs }) =>
  (scope, [x, filter]) => [scope.run('Conv2D', { x: x!, filter: filter! }, windowAttributes(attrs))];

export const conv2dInputGradient: Prepare<CompositeAttrs['conv2dInputGradient']> = ({ attrs, outputs: [dx] }) => {
  const attributes = { ...windowAttributes(attrs), inputShape: [...dx!.shape] };
  return (scope, [filter, dy]) => [scope.run('Conv2DBackpropInput', { dy: dy!, filter: filter! }, attributes)];
};

export const conv2dKernelGradient: Prepare<CompositeAttrs['conv2dKernelGradient']> = ({ attrs, outputs: [dKernel] }) => {
  const attributes = { ...windowAttributes(attrs), filterShape: [...dKernel!.shape] };
  return (scope, [x, dy]) => [scope.run('Conv2DBackpropFilter', { x: x!, dy: dy! }, attributes)];
};

function windowAttributes({ strides, padding, dilations }: Conv2dAttrs): KernelAttributes {
  const pad = [[0, 0], ...padding.map((counts) => [...counts]), [0, 0]];
  return { strides: [...strides], dilations: [...dilations], pad, dataFormat: 'NHWC', dimRoundingMode: undefined };
}

/** Whether TensorFlow.js is right for this call. Its kernels read and write nothing where an array is empty. */
export function isPlainConvolution({ op, attrs, in: read }: Instr, slots: readonly TensorSpec[]): boolean {
  const { groups, dilations } = attrs as Conv2dAttrs;
  const dilated = dilations.some((count) => count !== 1);
  return groups === 1 && !(dilated && op !== 'conv2d') && read.every((slot) => sizeOf(slots[slot]!.shape) > 0);
}
