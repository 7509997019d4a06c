// `reduce`: sum, product, maximum or minimum over axes, which keep extent 1.
import { normalizeAxes, shapeText } from '../../array/shape.ts';
import { ShapeError } from '../../errors/errors.ts';
import type { Tensor } from '../../program/tensor.ts';
import * as scalar from '../../scalar/index.ts';
import type { Expr } from '../../scalar/types.ts';
import { elementwise, mul } from '../elementwise.ts';
import { expectDTypeOf, expectInputs } from '../expect.ts';
import type { ReduceAttrs, ReduceKind } from '../instructions.ts';
import { emit } from '../instructions.ts';
import type { Primitive } from '../spec.ts';
import { stretchTo } from '../stretch.ts';

export const reduce: Primitive<'reduce', ReduceAttrs> = {
  name: 'reduce',
  kind: 'primitive',
  infer(inputs, { kind, axes }) {
    const [x] = expectInputs('reduce', inputs, 1);
    expectDTypeOf(`reduce ${kind}`, 'the input', x, 'f32', 'i32');
    const reduced = normalizeAxes(axes, x.shape.length, `reduce ${kind}`);
    const empty = reduced.find((axis) => x.shape[axis] === 0);
    if (empty !== undefined && (kind === 'max' || kind === 'min')) {
      throw new ShapeError(`reduce ${kind}: axis ${empty} of ${shapeText(x.shape)} is empty; nothing has no ${kind}.`);
    }
    return { shape: x.shape.map((extent, axis) => (reduced.includes(axis) ? 1 : extent)), dtype: x.dtype };
  },
  vjp({ inputs, attrs, output, cotangent }) {
    const x = inputs[0]!;
    return [x.dtype === 'f32' ? gradients[attrs.kind](x, output, cotangent, attrs) : null];
  },
  rounds: true,
};

type ReduceGradient = (x: Tensor, y: Tensor, cotangent: Tensor, attrs: ReduceAttrs) => Tensor;

/** The gradient of a maximum or minimum: all of it to the first element that attains it, in row-major order. */
const toFirstExtreme: ReduceGradient = (x, y, cotangent, { axes }) => {
  const { position, first } = positionOfFirst(x, y, axes);
  return elementwise((place, taken, gradient) => scalar.select(scalar.equal(place, taken), gradient, 0), position, first, cotangent);
};

const gradients: Record<ReduceKind, ReduceGradient> = {
  sum: (x, _y, cotangent) => stretchTo(cotangent, x.shape),
  max: toFirstExtreme,
  min: toFirstExtreme,
  // Right where no element is zero; with zeros the quotient is 0/0, so the product of the others is formed by exclusion.
  prod: (x, _y, cotangent, { axes }) => mul(productOfOthers(x, axes), cotangent),
};

/**
 * Where an extreme over `axes` is attained first, in row-major order: each element's position among those it is reduced with,
 * and the position of the first that equals `extreme` (x's shape with extent 1 on `axes`).
 */
export function positionOfFirst(x: Tensor, extreme: Tensor, axes: readonly number[]): { position: Tensor; first: Tensor } {
  const position = rowMajorPosition(x, axes);
  const size = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  const candidate = elementwise((value, target, place) => scalar.select(attains(value, target), place, size), x, extreme, position);
  return { position, first: emit('reduce', [candidate], { kind: 'min', axes }) };
}

/** Whether a value is the extreme of those that it was among. NaN attains NaN. */
export function attains(value: Expr, extreme: Expr): Expr {
  return scalar.or(scalar.equal(value, extreme), scalar.and(scalar.notEqual(value, value), scalar.notEqual(extreme, extreme)));
}

/** i32, x's shape: each element's position among those it is reduced with, in row-major order. */
function rowMajorPosition(x: Tensor, axes: readonly number[]): Tensor {
  const { shape } = x;
  const indices = axes.map((axis) => emit('iota', [], { shape, axis }));
  return elementwise(
    (...along) =>
      axes.reduce<Expr>(
        (position, axis, index) => scalar.add(scalar.mul(position, shape[axis]!), along[index]!),
        scalar.constant(0, 'i32'),
      ),
    // Without an axis every position is 0, and x says how many there are.
    ...(indices.length === 0 ? [x] : indices),
  );
}

/** For each element the product of the others it is reduced with, without a division. Axis by axis. */
function productOfOthers(x: Tensor, axes: readonly number[]): Tensor {
  const ones = elementwise(() => scalar.constant(1), x);
  if (x.shape.includes(0)) return ones;
  let others: Tensor | undefined;
  let partial = x;
  for (const axis of axes) {
    const factors = Array.from({ length: x.shape[axis]! }, (_, skipped) => productWithout(partial, axis, skipped));
    const along = factors.length === 1 ? factors[0]! : emit('concat', factors, { axis });
    others = others === undefined ? along : mul(others, along);
    partial = emit('reduce', [partial], { kind: 'prod', axes: [axis] });
  }
  return others ?? ones;
}

function productWithout(x: Tensor, axis: number, skipped: number): Tensor {
  const kept = elementwise(
    (value, place) => scalar.select(scalar.equal(place, skipped), 1, value),
    x,
    emit('iota', [], { shape: x.shape, axis }),
  );
  return emit('reduce', [kept], { kind: 'prod', axes: [axis] });
}
