// `pad`: a value before, after and between the elements of each axis; the exact adjoint of `slice`.
import { shapeText } from '../../array/shape.ts';
import { ShapeError } from '../../errors/errors.ts';
import type { Tensor } from '../../program/tensor.ts';
import { expectInputs, expectPerAxis } from '../expect.ts';
import type { PadAttrs } from '../instructions.ts';
import { emit } from '../instructions.ts';
import type { Primitive } from '../spec.ts';

export const pad: Primitive<'pad', PadAttrs> = {
  name: 'pad',
  kind: 'primitive',
  infer(inputs, { low, high, interior }) {
    const [x] = expectInputs('pad', inputs, 1);
    for (const [what, list] of Object.entries({ low, high, interior })) {
      expectPerAxis('pad', what, list, x);
      if (!list.every((count) => Number.isInteger(count) && count >= 0)) {
        throw new ShapeError(
          `pad: ${what} is ${shapeText(list)}; integers from 0 are needed. To remove elements use slice.`,
          'shape.invalid',
        );
      }
    }
    return { shape: x.shape.map((extent, axis) => low[axis]! + spreadExtent(extent, interior[axis]!) + high[axis]!), dtype: x.dtype };
  },
  vjp({ inputs, attrs, cotangent }) {
    return [elementsWithin(cotangent, inputs[0]!.shape, attrs)];
  },
  rounds: false,
};

/** Extent of an axis after `interior` values were put between its elements. */
function spreadExtent(extent: number, interior: number): number {
  return extent === 0 ? 0 : (extent - 1) * (interior + 1) + 1;
}

/** The elements of a padded array that come from the original. */
function elementsWithin(padded: Tensor, shape: readonly number[], { low, interior }: PadAttrs): Tensor {
  return emit('slice', [padded], {
    begin: low,
    end: shape.map((extent, axis) => low[axis]! + spreadExtent(extent, interior[axis]!)),
    step: interior.map((count) => count + 1),
  });
}
