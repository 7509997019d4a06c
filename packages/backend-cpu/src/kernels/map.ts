// `map`: expressions over blocks of elements.
import { scalar, stridesOf } from '@nn/core';
import type { TypedArray } from '@nn/core';
import { mergeAxes, operandStrides, positions } from '../loops/axes.ts';
import type { CpuKernel } from './kernel.ts';

/** An input as the block evaluator reads it; `data` and `offset` change from run to run. */
interface BlockOperand {
  data: TypedArray;
  offset: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

export const mapKernel: CpuKernel<'map'> = ({ attrs: { expression }, inputs, outputs }) => {
  const { shape } = outputs[0]!;
  const program = scalar.compileBlocks(expression, 'f32');
  const loop = mergeAxes({ shape, strides: [stridesOf(shape), ...inputs.map((input) => operandStrides(input.shape, shape))] });
  const [rows, columns] = [loop.shape.at(-2) ?? 1, loop.shape.at(-1) ?? 1];
  const outer = loop.shape.slice(0, -2);
  const [outputStarts, ...starts] = loop.strides.map((strides) => positions(outer, strides.slice(0, -2), 0));
  const operands = loop.strides.slice(1).map((strides): BlockOperand => ({
    data: new Float32Array(0),
    offset: 0,
    rowStride: strides.at(-2) ?? 0,
    columnStride: strides.at(-1) ?? 0,
  }));
  return (arrays, [output]) => {
    for (let input = 0; input < operands.length; input++) operands[input]!.data = arrays[input]!;
    for (let block = 0; block < outputStarts!.length; block++) {
      for (let input = 0; input < operands.length; input++) operands[input]!.offset = starts[input]![block]!;
      program.run(operands, output!, outputStarts![block]!, rows, columns);
    }
  };
};
