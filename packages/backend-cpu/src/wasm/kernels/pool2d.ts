// `maxPool2d`, its gradient, and `avgPool2d`.
import { sizeOf } from '@nn/core';
import type { CompositeAttrs, TensorSpec } from '@nn/core';
import type { WasmKernel } from '../command.ts';

type PoolAttrs = CompositeAttrs['maxPool2d'];

export const maxPool2dKernel: WasmKernel<'maxPool2d'> = ({ attrs, inputs, outputs }) => {
  const end = windowWords(inputs[0]!, outputs[0]!, attrs);
  const size = sizeOf(outputs[0]!.shape);
  if (size === 0) return { commands: [] };
  return { commands: [{ kernel: 'maxPool', words: ({ inputs: [x], outputs: [y] }) => [x!, y!, ...end], work: size * workOf(attrs) }] };
};

export const maxPool2dGradientKernel: WasmKernel<'maxPool2dGradient'> = ({ attrs, inputs, outputs }) => {
  const end = windowWords(inputs[0]!, inputs[1]!, attrs);
  if (sizeOf(outputs[0]!.shape) === 0) return { commands: [] };
  return {
    commands: [
      {
        kernel: 'maxPoolGradient',
        words: ({ inputs: [x, y, dy], outputs: [dx] }) => [x!, y!, dy!, dx!, ...end],
        work: sizeOf(inputs[1]!.shape) * 2 * workOf(attrs),
      },
    ],
  };
};

export const avgPool2dKernel: WasmKernel<'avgPool2d'> = ({ attrs, inputs, outputs }) => {
  const end = [Number(attrs.countPadding), ...windowWords(inputs[0]!, outputs[0]!, attrs)];
  const size = sizeOf(outputs[0]!.shape);
  if (size === 0) return { commands: [] };
  return { commands: [{ kernel: 'averagePool', words: ({ inputs: [x], outputs: [y] }) => [x!, y!, ...end], work: size * workOf(attrs) }] };
};

/** Nanoseconds per result. */
function workOf({ window: [rows, columns] }: PoolAttrs): number {
  return 0.5 * rows * columns;
}

/** The description of the windows, as assembly/convolution/pooling.ts reads it. */
function windowWords(x: TensorSpec, y: TensorSpec, { window, strides, padding, dilations }: PoolAttrs): number[] {
  const [rows, columns] = padding;
  return [...x.shape, ...y.shape.slice(1, 3), ...window, ...strides, rows[0], columns[0], ...dilations, rows[1], columns[1]];
}
