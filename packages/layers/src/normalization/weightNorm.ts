// Weight normalization: a kernel as a direction and a length of each unit, learned apart from each other.
import type { Context, DerivedInitializer, Initializer, NdArray, Normalizer, Shape, Tensor, TensorSpec, VariableSpec } from '@nn/core';
import {
  ConfigError,
  NdArray as HostArray,
  abs,
  checkInteger,
  defineFactory,
  elementwise,
  max,
  normalizeAxis,
  reshape,
  resolveOptions,
  scalar,
  sizeOf,
  square,
  stopGradient,
  sum,
} from '@nn/core';
import { defaults } from '../defaults.ts';
import { checkInitializer } from '../records.ts';

export interface WeightNormOptions {
  /** The axis that is kept, with a length for each index: default −1, the output units. null: one length for the whole kernel. */
  readonly axis?: number | null;
  /** Starting lengths: default null, those of the directions, so that the kernel starts as its own initializer made it. */
  readonly lengthInitializer?: Initializer | null;
}

/**
 * Weight normalization w = l · v / ‖v‖ of a kernel, as `dense(10, { kernelTransform: weightNorm() })`: v is the layer's `kernel`, l the
 * variable `weightNorm/length` [units]. The gradient by v is orthogonal to v, and scaling v changes nothing. A direction of length 0
 * gives a kernel of zeros and no gradient, never NaN. Source: Salimans and Kingma, "Weight Normalization" (2016); lecture 004.
 *
 * @throws ConfigError for options out of range, and when a starting length is to be taken from a direction of zeros
 */
export const weightNorm = defineFactory('weightNorm', createWeightNorm, createWeightNorm);

function createWeightNorm(options: WeightNormOptions = {}): Normalizer {
  const resolved = resolveOptions('weightNorm', options, defaults.weightNorm, { dim: 'Give axis, the axis that is kept.' });
  const { axis, lengthInitializer } = resolved;
  if (axis !== null) checkInteger('weightNorm', 'axis', axis);
  if (lengthInitializer !== null) checkInitializer('weightNorm', 'lengthInitializer', lengthInitializer);
  return Object.freeze({
    kind: 'weightNorm',
    target: 'weight',
    options: Object.freeze(resolved),
    variables(direction: TensorSpec) {
      const fromDirection: DerivedInitializer = { from: ['kernel'], fill: ({ kernel }) => lengthsOf(kernel!, axis) };
      const shape = lengthShape(direction.shape, axis);
      const length: VariableSpec = { shape, dtype: 'f32', role: 'parameter', init: lengthInitializer ?? fromDirection };
      return { length };
    },
    apply: (direction: Tensor, context: Context): Tensor => withLength(direction, context.get('length'), axis),
  });
}

/** `direction` scaled to the given lengths, one for each index along `axis`, or one for all of it. */
export function withLength(direction: Tensor, length: Tensor, axis: number | null): Tensor {
  const kept = axis === null ? undefined : normalizeAxis(axis, direction.shape.length, 'weightNorm: axis');
  const reduced = [...direction.shape.keys()].filter((other) => other !== kept);
  const keep = { keepDims: true };
  // The largest weight is taken down to 1 first, so that no square overflows or vanishes. The result does not depend on by how much.
  const largest = stopGradient(max(abs(direction), reduced, keep));
  const scaled = elementwise((v, m) => scalar.select(scalar.equal(m, 0), v, scalar.div(v, m)), direction, largest);
  return elementwise(
    (v, norm, l) => scalar.select(scalar.equal(norm, 0), 0, scalar.mul(scalar.mul(v, scalar.reciprocalSqrt(norm)), l)),
    scaled,
    sum(square(scaled), reduced, keep),
    reshape(
      length,
      direction.shape.map((extent, other) => (other === kept ? extent : 1)),
    ),
  );
}

function lengthShape(shape: Shape, axis: number | null): Shape {
  return axis === null ? [] : [shape[normalizeAxis(axis, shape.length, 'weightNorm: axis')]!];
}

/** The lengths that a kernel has. @throws ConfigError for a length of 0, which has no direction */
function lengthsOf({ shape, data }: NdArray, axis: number | null): NdArray {
  const kept = lengthShape(shape, axis);
  const lengths = new Float64Array(sizeOf(kept));
  const inner = axis === null ? 1 : sizeOf(shape.slice(normalizeAxis(axis, shape.length, 'weightNorm: axis') + 1));
  const unitOf = (index: number): number => (axis === null ? 0 : Math.floor(index / inner) % lengths.length);
  data.forEach((value, index) => (lengths[unitOf(index)] = Math.hypot(lengths[unitOf(index)]!, value)));
  const zero = lengths.indexOf(0);
  if (zero !== -1) {
    throw new ConfigError(
      `weightNorm: the kernel of unit ${zero} starts with zeros only, which have no direction. Start with heNormal(), glorotUniform(), … instead.`,
    );
  }
  return new HostArray(Float32Array.from(lengths), kept, 'f32');
}
