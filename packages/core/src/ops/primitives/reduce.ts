// `reduce`: sum, product, maximum or minimum over axes, which keep extent 1.
import { normalizeAxes, shapeText } from '../../array/shape.ts';
import { ShapeError } from '../../errors/errors.ts';
import type { Tensor } from '../../program/tensor.ts';
import * as scalar from '../../scalar/index.ts';
import { expectDTypeOf, expectInputs } from '../expect.ts';
import type { ReduceAttrs, ReduceKind } from '../instructions.ts';
import { emit, scalarTypeOf } from '../instructions.ts';
import type { Primitive } from '../spec.ts';
import { stretchTo } from '../stretch.ts';

const input = scalar.input;

export const reduce: Primitive<'reduce', ReduceAttrs> = {
  name: 'reduce',
  kind: 'primitive',
  infer(inputs, { kind, axes }) {
    expectInputs('reduce', inputs, 1);
    const [x] = inputs as [(typeof inputs)[0]];
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
  tolerance: { kind: 'sum', ulpsPerTerm: 1 },
};

type ReduceGradient = (x: Tensor, y: Tensor, cotangent: Tensor, attrs: ReduceAttrs) => Tensor;

/** The gradient of a maximum or minimum: all of it to the first element that attains it, in row-major order. */
const toFirstExtreme: ReduceGradient = (x, y, cotangent, { axes }) => {
  const { position, first } = positionOfFirst(x, y, axes);
  return emit('map', [position, first, cotangent], {
    expression: scalar.select(scalar.equal(input(0, 'i32'), input(1, 'i32')), input(2, 'f32'), scalar.constant(0)),
  });
};

const gradients: Record<ReduceKind, ReduceGradient> = {
  sum: (x, _y, cotangent) => stretchTo(cotangent, x.shape),
  max: toFirstExtreme,
  min: toFirstExtreme,
  // Right where no element is zero; with zeros the quotient is 0/0, so the product of the others is formed by exclusion.
  prod: (x, _y, cotangent, { axes }) =>
    emit('map', [productOfOthers(x, axes), cotangent], { expression: scalar.mul(input(0, 'f32'), input(1, 'f32')) }),
};

/**
 * Where an extreme over `axes` is attained first, in row-major order: each element's position among those it is reduced with,
 * and the position of the first that equals `extreme` (x's shape with extent 1 on `axes`). NaN counts as attaining NaN.
 */
export function positionOfFirst(x: Tensor, extreme: Tensor, axes: readonly number[]): { position: Tensor; first: Tensor } {
  const position = rowMajorPosition(x, axes);
  const size = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  const type = scalarTypeOf[x.dtype];
  const [element, target] = [input(0, type), input(1, type)];
  const bothNaN = scalar.and(scalar.notEqual(element, element), scalar.notEqual(target, target));
  const candidate = emit('map', [x, extreme, position], {
    expression: scalar.select(scalar.or(scalar.equal(element, target), bothNaN), input(2, 'i32'), scalar.constant(size, 'i32')),
  });
  return { position, first: emit('reduce', [candidate], { kind: 'min', axes }) };
}

/** i32, x's shape: each element's position among those it is reduced with, in row-major order. */
function rowMajorPosition(x: Tensor, axes: readonly number[]): Tensor {
  const shape = x.shape;
  const indices = axes.map((axis) => emit('iota', [], { shape, axis }));
  if (indices.length === 0) return emit('map', [emit('iota', [], { shape, axis: 0 })], { expression: scalar.constant(0, 'i32') });
  const expression = axes.reduce<ReturnType<typeof input>>(
    (position, axis, index) =>
      index === 0 ? input(0, 'i32') : scalar.add(scalar.mul(position, scalar.constant(shape[axis]!, 'i32')), input(index, 'i32')),
    input(0, 'i32'),
  );
  return emit('map', indices, { expression });
}

/** For each element the product of the others it is reduced with, without a division. Axis by axis. */
function productOfOthers(x: Tensor, axes: readonly number[]): Tensor {
  const ones = (): Tensor => emit('map', [x], { expression: scalar.constant(1) });
  if (x.shape.includes(0)) return ones();
  const multiply = scalar.mul(input(0, 'f32'), input(1, 'f32'));
  let others: Tensor | undefined;
  let partial = x;
  for (const axis of axes) {
    const extent = x.shape[axis]!;
    const factors = Array.from({ length: extent }, (_, skipped) => productWithout(partial, axis, skipped));
    const along = factors.length === 1 ? factors[0]! : emit('concat', factors, { axis });
    others = others === undefined ? along : emit('map', [others, along], { expression: multiply });
    partial = emit('reduce', [partial], { kind: 'prod', axes: [axis] });
  }
  return others ?? ones();
}

function productWithout(x: Tensor, axis: number, skipped: number): Tensor {
  const position = emit('iota', [], { shape: x.shape, axis });
  const kept = emit('map', [x, position], {
    expression: scalar.select(scalar.equal(input(1, 'i32'), scalar.constant(skipped, 'i32')), scalar.constant(1), input(0, 'f32')),
  });
  return emit('reduce', [kept], { kind: 'prod', axes: [axis] });
}
