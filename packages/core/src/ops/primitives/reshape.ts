// `reshape`: the same elements in row-major order under another shape.
import { specText } from '../../array/dtype.ts';
import { shapeText, sizeOf } from '../../array/shape.ts';
import { ShapeError } from '../../errors/errors.ts';
import { expectInputs } from '../expect.ts';
import type { ReshapeAttrs } from '../instructions.ts';
import { emit } from '../instructions.ts';
import type { Primitive } from '../spec.ts';

export const reshape: Primitive<'reshape', ReshapeAttrs> = {
  name: 'reshape',
  kind: 'primitive',
  infer(inputs, { shape }) {
    const [x] = expectInputs('reshape', inputs, 1);
    if (sizeOf(shape) !== sizeOf(x.shape)) {
      throw new ShapeError(`reshape: ${specText(x)} has ${sizeOf(x.shape)} elements, which do not fit the shape ${shapeText(shape)}.`);
    }
    return { shape, dtype: x.dtype };
  },
  vjp: ({ inputs, cotangent }) => [emit('reshape', [cotangent], { shape: inputs[0]!.shape })],
  rounds: false,
};
