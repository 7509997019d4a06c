// `matmul`: batched matrix products with transposition flags.
import { specText } from '../../array/dtype.ts';
import { stretchShapes } from '../../array/shape.ts';
import { ShapeError } from '../../errors/errors.ts';
import type { Tensor } from '../../program/tensor.ts';
import type { MatmulAttrs } from '../instructions.ts';
import { emit } from '../instructions.ts';
import { expectDTypeOf, expectInputs } from '../expect.ts';
import type { Primitive } from '../spec.ts';
import { sumToShape } from '../stretch.ts';

export const matmul: Primitive<'matmul', MatmulAttrs> = {
  name: 'matmul',
  kind: 'primitive',
  infer(inputs, { transposeA, transposeB }) {
    const [a, b] = expectInputs('matmul', inputs, 2);
    expectDTypeOf('matmul', 'the left operand', a, 'f32');
    expectDTypeOf('matmul', 'the right operand', b, 'f32');
    const rank = a.shape.length;
    if (rank < 2 || b.shape.length !== rank) {
      throw new ShapeError(`matmul: ${specText(a)} times ${specText(b)}; both need the same rank of 2 or more.`);
    }
    const [rows, innerA] = lastTwo(a.shape, transposeA);
    const [innerB, columns] = lastTwo(b.shape, transposeB);
    if (innerA !== innerB) {
      const flags = transposeA || transposeB ? ` (transposeA: ${transposeA}, transposeB: ${transposeB})` : '';
      throw new ShapeError(`matmul: ${specText(a)} times ${specText(b)}${flags}: the inner extents ${innerA} and ${innerB} differ.`);
    }
    const batch = stretchShapes([a.shape.slice(0, -2), b.shape.slice(0, -2)], 'matmul');
    return { shape: [...batch, rows, columns], dtype: 'f32' };
  },
  // Lecture 002 ("back-prop updates W"): for y = a b, dL/da = dL/dy bᵀ and dL/db = aᵀ dL/dy.
  vjp({ inputs: [a, b], attrs: { transposeA, transposeB }, cotangent, needs }) {
    return [
      needs[0] ? sumToShape(product(cotangent, false, b!, !transposeB, transposeA), a!.shape) : null,
      needs[1] ? sumToShape(product(a!, !transposeA, cotangent, false, transposeB), b!.shape) : null,
    ];
  },
  rounds: true,
};

/** a b, each transposed where its flag says so, or (a b)ᵀ = bᵀ aᵀ. */
function product(a: Tensor, transposeA: boolean, b: Tensor, transposeB: boolean, transposed: boolean): Tensor {
  return transposed
    ? emit('matmul', [b, a], { transposeA: !transposeB, transposeB: !transposeA })
    : emit('matmul', [a, b], { transposeA, transposeB });
}

function lastTwo(shape: readonly number[], transposed: boolean): [number, number] {
  const [outer, inner] = shape.slice(-2) as [number, number];
  return transposed ? [inner, outer] : [outer, inner];
}
