// `scatterAdd`: adds entries into zeros at given indices along an axis; the adjoint of `gather`.
import { specText } from '../../array/dtype.ts';
import { normalizeAxis, sizeOf } from '../../array/shape.ts';
import { ShapeError } from '../../errors/errors.ts';
import type { Tensor } from '../../program/tensor.ts';
import * as scalar from '../../scalar/index.ts';
import { elementwise } from '../elementwise.ts';
import { expectDTypeOf, expectInputs, expectRank } from '../expect.ts';
import type { ScatterAddAttrs } from '../instructions.ts';
import { emit } from '../instructions.ts';
import type { Primitive } from '../spec.ts';

export const scatterAdd: Primitive<'scatterAdd', ScatterAddAttrs> = {
  name: 'scatterAdd',
  kind: 'primitive',
  infer(inputs, { axis, extent }) {
    const [updates, indices] = expectInputs('scatterAdd', inputs, 2);
    expectDTypeOf('scatterAdd', 'the updates', updates, 'f32');
    expectDTypeOf('scatterAdd', 'the indices', indices, 'i32');
    expectRank('scatterAdd', 'the indices', indices, 1);
    const along = normalizeAxis(axis, updates.shape.length, 'scatterAdd');
    if (updates.shape[along] !== indices.shape[0]) {
      throw new ShapeError(
        `scatterAdd: ${specText(updates)} has ${updates.shape[along]} updates along axis ${along}, but there are ${indices.shape[0]} indices.`,
      );
    }
    const shape = updates.shape.map((size, i) => (i === along ? extent : size));
    sizeOf(shape);
    return { shape, dtype: 'f32' };
  },
  vjp({ inputs: [, indices], attrs: { axis, extent }, cotangent }) {
    // An index out of range added nothing, so it gets zero, where gather would give NaN: one more row of zeros serves all of them.
    const widened = emit('pad', [cotangent], {
      low: cotangent.shape.map(() => 0),
      high: cotangent.shape.map((_, i) => (i === axis ? 1 : 0)),
      interior: cotangent.shape.map(() => 0),
      value: 0,
    });
    return [emit('gather', [widened, clampToExtent(indices!, extent)], { axis }), null];
  },
  rounds: true,
};

/** Indices as they are, those out of range as `extent`. */
function clampToExtent(indices: Tensor, extent: number): Tensor {
  return elementwise(
    (index) => scalar.select(scalar.and(scalar.greaterEqual(index, 0), scalar.less(index, extent)), index, extent),
    indices,
  );
}
