// `iota`: each element's index along an axis; one-hot codes, arg-max and masks are made from it.
import { normalizeAxis, sizeOf } from '../../array/shape.ts';
import { expectInputs } from '../expect.ts';
import type { IotaAttrs } from '../instructions.ts';
import type { Primitive } from '../spec.ts';

export const iota: Primitive<'iota', IotaAttrs> = {
  name: 'iota',
  kind: 'primitive',
  infer(inputs, { shape, axis }) {
    expectInputs('iota', inputs, 0);
    sizeOf(shape);
    normalizeAxis(axis, shape.length, 'iota');
    return { shape, dtype: 'i32' };
  },
  vjp: 'nondifferentiable',
  rounds: false,
};
