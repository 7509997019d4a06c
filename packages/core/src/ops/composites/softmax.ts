// `softmax` and `logSoftmax` along an axis, without overflow.
import type { TensorSpec } from '../../array/dtype.ts';
import { normalizeAxis } from '../../array/shape.ts';
import type { Tensor } from '../../program/tensor.ts';
import * as scalar from '../../scalar/index.ts';
import { div, elementwise, exp, log, sub } from '../elementwise.ts';
import { axisOf, expectDTypeOf, expectInputs } from '../expect.ts';
import { max, sum } from '../reductions.ts';
import type { Composite } from '../spec.ts';
import { callComposite } from './composite.ts';
import { stopGradient } from './stopGradient.ts';

type SoftmaxAttrs = { readonly axis: number };
const keep = { keepDims: true };

export const softmaxOp: Composite<'softmax', SoftmaxAttrs, 'y'> = {
  name: 'softmax',
  kind: 'composite',
  outputNames: ['y'],
  check: (inputs, attrs) => checkAxis('softmax', inputs, attrs),
  decompose([x], { axis }) {
    const powers = exp(shifted(x!, axis));
    return { y: div(powers, sum(powers, axis, keep)) };
  },
  vjp({ outputs: [y], attrs: { axis }, cotangents: [dy] }) {
    const projection = sum(elementwise(scalar.mul, y!, dy!), axis, keep);
    return [elementwise((value, gradient, mean) => scalar.mul(value, scalar.sub(gradient, mean)), y!, dy!, projection)];
  },
  rounds: true,
};

export const logSoftmaxOp: Composite<'logSoftmax', SoftmaxAttrs, 'y'> = {
  name: 'logSoftmax',
  kind: 'composite',
  outputNames: ['y'],
  check: (inputs, attrs) => checkAxis('logSoftmax', inputs, attrs),
  decompose([x], { axis }) {
    const z = shifted(x!, axis);
    return { y: sub(z, log(sum(exp(z), axis, keep))) };
  },
  vjp({ outputs: [y], attrs: { axis }, cotangents: [dy] }) {
    const total = sum(dy!, axis, keep);
    return [elementwise((value, gradient, all) => scalar.sub(gradient, scalar.mul(scalar.exp(value), all)), y!, dy!, total)];
  },
  rounds: true,
};

/** x minus its largest element along `axis`. The result of both ops does not depend on the shift, so it has no gradient. */
export function shifted(x: Tensor, axis: number): Tensor {
  return sub(x, stopGradient(max(x, axis, keep)));
}

function checkAxis(op: string, inputs: readonly TensorSpec[], { axis }: SoftmaxAttrs): void {
  const [x] = expectInputs(op, inputs, 1);
  expectDTypeOf(op, 'x', x, 'f32');
  normalizeAxis(axis, x.shape.length, op);
}

/** eˣ / Σ eˣ along `axis` (default the last); a row of −∞ alone gives NaN. */
export function softmax(x: Tensor, axis = -1): Tensor {
  return callComposite(softmaxOp, [x], { axis: axisOf('softmax', x, axis) }).y;
}

/** log softmax along `axis` (default the last). */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return callComposite(logSoftmaxOp, [x], { axis: axisOf('logSoftmax', x, axis) }).y;
}
