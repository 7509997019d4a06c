// `uniform`: random numbers in [0, 1), a function of (seed, path, call, step, index) and of nothing else.
import { sizeOf } from '../../array/shape.ts';
import { expectDTypeOf, expectInputs, expectRank } from '../expect.ts';
import type { UniformAttrs } from '../instructions.ts';
import type { Primitive } from '../spec.ts';

export const uniform: Primitive<'uniform', UniformAttrs> = {
  name: 'uniform',
  kind: 'primitive',
  infer(inputs, { shape }) {
    expectInputs('uniform', inputs, 2);
    (['the seed', 'the step'] as const).forEach((what, index) => {
      expectRank('uniform', what, inputs[index]!, 0);
      expectDTypeOf('uniform', what, inputs[index]!, 'i32');
    });
    sizeOf(shape);
    return { shape, dtype: 'f32' };
  },
  vjp: 'nondifferentiable',
  rounds: false,
};
