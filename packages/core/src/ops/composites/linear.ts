// `linear`: x · kernel + bias, the product that backends fuse with what follows it.
import { specText } from '../../array/dtype.ts';
import { ShapeError } from '../../errors/errors.ts';
import type { Tensor } from '../../program/tensor.ts';
import { add } from '../elementwise.ts';
import { expectDTypeOf, expectRank } from '../expect.ts';
import { emit } from '../instructions.ts';
import { matmul } from '../products.ts';
import type { Composite, NoAttrs } from '../spec.ts';
import { callComposite } from './composite.ts';

/** Inputs: x [n, in], kernel [in, out] and, if there is one, bias [out]. */
export const linearOp: Composite<'linear', NoAttrs, 'y'> = {
  name: 'linear',
  kind: 'composite',
  outputNames: ['y'],
  check(inputs) {
    const [x, kernel, bias] = inputs;
    if (x === undefined || kernel === undefined || inputs.length > 3) {
      throw new ShapeError(`linear takes x, kernel and perhaps bias, not ${inputs.length} inputs.`, 'shape.invalid');
    }
    expectRank('linear', 'x', x, 2);
    expectRank('linear', 'the kernel', kernel, 2);
    expectDTypeOf('linear', 'x', x, 'f32');
    expectDTypeOf('linear', 'the kernel', kernel, 'f32');
    if (x.shape[1] !== kernel.shape[0]) {
      throw new ShapeError(
        `linear: x is ${specText(x)}, but the kernel ${specText(kernel)} takes ${kernel.shape[0]} features. The kernel is [in, out]; was it given transposed?`,
      );
    }
    if (bias !== undefined) {
      expectDTypeOf('linear', 'the bias', bias, 'f32');
      if (bias.shape.length !== 1 || bias.shape[0] !== kernel.shape[1]) {
        throw new ShapeError(`linear: the bias is ${specText(bias)}, but [${kernel.shape[1]}] is needed, one value per output.`);
      }
    }
  },
  decompose([x, kernel, bias]) {
    const product = matmul(x!, kernel!);
    return { y: bias === undefined ? product : add(product, bias) };
  },
  vjp({ inputs: [x, kernel, bias], cotangents: [dy], needs }) {
    const gradients = [
      needs[0] ? matmul(dy!, kernel!, { transposeB: true }) : null,
      needs[1] ? matmul(x!, dy!, { transposeA: true }) : null,
    ];
    if (bias === undefined) return gradients;
    const summed = (): Tensor => emit('reshape', [emit('reduce', [dy!], { kind: 'sum', axes: [0] })], { shape: bias.shape });
    return [...gradients, needs[2] ? summed() : null];
  },
  rounds: true,
};

/**
 * x · kernel + bias.
 * @param x f32 [n, in] @param kernel f32 [in, out] @param bias f32 [out]
 * @returns f32 [n, out]
 * @throws ShapeError, DTypeError
 */
export function linear(x: Tensor, kernel: Tensor, bias?: Tensor): Tensor {
  return callComposite(linearOp, bias === undefined ? [x, kernel] : [x, kernel, bias], {}).y;
}
