// `uniform`: random numbers in [0, 1), a function of (seed, path, call, step, index) and of nothing else.
import { sizeOf } from '../../array/shape.ts';
import { expectDTypeOf, expectInputs, expectRank } from '../expect.ts';
import type { UniformAttrs } from '../instructions.ts';
import type { Primitive } from '../spec.ts';

export const uniform: Primitive<'uniform', UniformAttrs> = {
  name: 'uniform',
  kind: 'primitive',
  infer(inputs, { shape }) {
    const [seed, step] = expectInputs('uniform', inputs, 2);
    for (const [name, spec] of Object.entries({ seed, step })) {
      expectRank('uniform', `the ${name}`, spec, 0);
      expectDTypeOf('uniform', `the ${name}`, spec, 'i32');
    }
    sizeOf(shape);
    return { shape, dtype: 'f32' };
  },
  vjp: 'nondifferentiable',
  rounds: false,
};
