// `gather`: entries along an axis, picked by index.
import { normalizeAxis } from '../../array/shape.ts';
import { expectDTypeOf, expectInputs, expectRank } from '../expect.ts';
import type { GatherAttrs } from '../instructions.ts';
import { emit } from '../instructions.ts';
import type { Primitive } from '../spec.ts';

export const gather: Primitive<'gather', GatherAttrs> = {
  name: 'gather',
  kind: 'primitive',
  infer(inputs, { axis }) {
    const [x, indices] = expectInputs('gather', inputs, 2);
    expectDTypeOf('gather', 'the indices', indices, 'i32');
    expectRank('gather', 'the indices', indices, 1);
    const along = normalizeAxis(axis, x.shape.length, 'gather');
    return { shape: x.shape.map((extent, i) => (i === along ? indices.shape[0]! : extent)), dtype: x.dtype };
  },
  vjp({ inputs: [x, indices], attrs: { axis }, cotangent }) {
    return [emit('scatterAdd', [cotangent, indices!], { axis, extent: x!.shape[axis]! }), null];
  },
  rounds: false,
};
