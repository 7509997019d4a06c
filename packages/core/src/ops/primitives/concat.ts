// `concat`: arrays side by side along one axis.
import { specText } from '../../array/dtype.ts';
import { normalizeAxis } from '../../array/shape.ts';
import { DTypeError, ShapeError } from '../../errors/errors.ts';
import type { ConcatAttrs } from '../instructions.ts';
import { emit } from '../instructions.ts';
import type { Primitive } from '../spec.ts';

export const concat: Primitive<'concat', ConcatAttrs> = {
  name: 'concat',
  kind: 'primitive',
  infer(inputs, { axis }) {
    const [first] = inputs;
    if (first === undefined) throw new ShapeError('concat takes one input or more, not none.', 'shape.invalid');
    const along = normalizeAxis(axis, first.shape.length, 'concat');
    for (const other of inputs) {
      if (other.dtype !== first.dtype) throw new DTypeError(`concat: ${specText(first)} and ${specText(other)} differ in dtype.`);
      const fits = other.shape.length === first.shape.length && other.shape.every((extent, i) => i === along || extent === first.shape[i]);
      if (!fits) throw new ShapeError(`concat along axis ${along}: ${specText(first)} and ${specText(other)} differ in another axis.`);
    }
    const total = inputs.reduce((sum, { shape }) => sum + shape[along]!, 0);
    return { shape: first.shape.map((extent, i) => (i === along ? total : extent)), dtype: first.dtype };
  },
  vjp({ inputs, attrs: { axis }, cotangent, needs }) {
    let offset = 0;
    return inputs.map((input, index) => {
      const from = offset;
      offset += input.shape[axis]!;
      if (!needs[index]) return null;
      return emit('slice', [cotangent], {
        begin: input.shape.map((_, i) => (i === axis ? from : 0)),
        end: input.shape.map((extent, i) => (i === axis ? from + extent : extent)),
        step: input.shape.map(() => 1),
      });
    });
  },
  rounds: false,
};
