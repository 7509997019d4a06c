// `transpose`: axes in another order.
import { specText } from '../../array/dtype.ts';
import { shapeText } from '../../array/shape.ts';
import { ShapeError } from '../../errors/errors.ts';
import { expectInputs, expectPerAxis } from '../expect.ts';
import type { TransposeAttrs } from '../instructions.ts';
import { emit } from '../instructions.ts';
import type { Primitive } from '../spec.ts';

export const transpose: Primitive<'transpose', TransposeAttrs> = {
  name: 'transpose',
  kind: 'primitive',
  infer(inputs, { order }) {
    const [x] = expectInputs('transpose', inputs, 1);
    expectPerAxis('transpose', 'the order', order, x);
    if (!order.every((_, axis) => order.includes(axis))) {
      throw new ShapeError(`transpose: the order ${shapeText(order)} does not name each axis of ${specText(x)} once.`, 'shape.invalid');
    }
    return { shape: order.map((axis) => x.shape[axis]!), dtype: x.dtype };
  },
  vjp: ({ attrs: { order }, cotangent }) => [emit('transpose', [cotangent], { order: order.map((_, axis) => order.indexOf(axis)) })],
  rounds: false,
};
