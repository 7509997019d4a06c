// `slice`: every step-th element from begin up to end, per axis.
import { specText } from '../../array/dtype.ts';
import { ShapeError } from '../../errors/errors.ts';
import { expectInputs, expectPerAxis } from '../expect.ts';
import type { SliceAttrs } from '../instructions.ts';
import { emit } from '../instructions.ts';
import type { Primitive } from '../spec.ts';

export const slice: Primitive<'slice', SliceAttrs> = {
  name: 'slice',
  kind: 'primitive',
  infer(inputs, { begin, end, step }) {
    const [x] = expectInputs('slice', inputs, 1);
    expectPerAxis('slice', 'begin', begin, x);
    expectPerAxis('slice', 'end', end, x);
    expectPerAxis('slice', 'step', step, x);
    const shape = x.shape.map((extent, axis) => {
      const [from, to, by] = [begin[axis]!, end[axis]!, step[axis]!];
      if (![from, to, by].every(Number.isInteger) || from < 0 || to < from || to > extent || by < 1) {
        throw new ShapeError(
          `slice: begin ${from}, end ${to}, step ${by} do not fit axis ${axis} of ${specText(x)}; 0 ≤ begin ≤ end ≤ ${extent} and step ≥ 1 are needed.`,
        );
      }
      return Math.ceil((to - from) / by);
    });
    return { shape, dtype: x.dtype };
  },
  vjp({ inputs, attrs: { begin, step }, output, cotangent }) {
    const extents = inputs[0]!.shape;
    const spread = output.shape.map((count, axis) => (count === 0 ? 0 : (count - 1) * step[axis]! + 1));
    return [
      emit('pad', [cotangent], {
        low: begin,
        high: extents.map((extent, axis) => extent - begin[axis]! - spread[axis]!),
        interior: step.map((by) => by - 1),
        value: 0,
      }),
    ];
  },
  rounds: false,
};
