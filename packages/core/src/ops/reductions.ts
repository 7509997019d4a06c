// Authoring functions that reduce axes: sums, means, extremes, moments.
import { normalizeAxes } from '../array/shape.ts';
import { checkFlag, resolveOptions } from '../errors/options.ts';
import type { Tensor } from '../program/tensor.ts';
import { add, div, exp, log, square, sub } from './elementwise.ts';
import { axisOf, shapeOf } from './expect.ts';
import type { ReduceKind } from './instructions.ts';
import { emit } from './instructions.ts';
import { positionOfFirst } from './primitives/reduce.ts';
import { stopGradient } from './composites/stopGradient.ts';

export interface ReduceOptions {
  /** Reduced axes stay with extent 1. */
  readonly keepDims?: boolean;
}

type Axes = number | readonly number[];
type Reduction = (x: Tensor, axes?: Axes, options?: ReduceOptions) => Tensor;

const keepNone: Required<ReduceOptions> = { keepDims: false };

const reduction =
  (kind: ReduceKind, owner: string = kind): Reduction =>
  (x, axes, options = keepNone) => {
    const { keepDims } = resolveOptions(owner, options, keepNone);
    const reduced = normalizeAxes(axes, shapeOf(owner, x).length, owner);
    const result = emit('reduce', [x], { kind, axes: reduced });
    return checkFlag(owner, 'keepDims', keepDims) ? result : withoutAxes(result, reduced);
  };

/** Sum over `axes` (all by default); of nothing 0. Long sums are blocked, so they do not drift. */
export const sum: Reduction = reduction('sum');
/** Largest element over `axes`; NaN if one is NaN; of nothing an error. At ties the gradient goes to the first. */
export const max: Reduction = reduction('max');
/** Smallest element over `axes`; NaN if one is NaN; of nothing an error. At ties the gradient goes to the first. */
export const min: Reduction = reduction('min');
/** Product over `axes`; of nothing 1. */
export const prod: Reduction = reduction('prod');

/** Mean over `axes` (all by default); of nothing NaN. */
export const mean: Reduction = (x, axes, options) => div(sumForMean(x, axes, options), countOver(x, axes));
const sumForMean = reduction('sum', 'mean');

/** i32: index along `axis` of the largest element, the first at ties and the first NaN if there is one; the axis is dropped. */
export function argMax(x: Tensor, axis: number): Tensor {
  const along = axisOf('argMax', x, axis);
  const largest = emit('reduce', [x], { kind: 'max', axes: [along] });
  return withoutAxes(positionOfFirst(x, largest, [along]).first, [along]);
}

/** log Σ eˣ over `axes`, without overflow. */
export const logSumExp: Reduction = (x, axes, options = keepNone) => {
  const { keepDims } = resolveOptions('logSumExp', options, keepNone);
  const reduced = normalizeAxes(axes, shapeOf('logSumExp', x).length, 'logSumExp');
  const largest = stopGradient(max(x, reduced, { keepDims: true }));
  const result = add(log(sum(exp(sub(x, largest)), reduced, { keepDims: true })), largest);
  return checkFlag('logSumExp', 'keepDims', keepDims) ? result : withoutAxes(result, reduced);
};

/** Statistics over axes that stay with extent 1. */
export interface Moments {
  readonly mean: Tensor;
  /** Biased: the mean of the squared deviations (lecture 003, the 2015 algorithm). */
  readonly variance: Tensor;
  /** x − mean, to full accuracy also where the mean is far larger than the deviation. */
  readonly centered: Tensor;
  /** The mean as the sum of two numbers, of which the second is what float32 could not hold in the first. */
  readonly center: Tensor;
  readonly correction: Tensor;
}

/**
 * Mean and biased variance over `axes`. The mean is subtracted twice, never E[x²] − E[x]²: with m₀ = mean x, d = x − m₀ is exact
 * for numbers near m₀, and m₁ = mean d is what rounding took from m₀. At mean 1e6 and deviation 1 this is right to 1e-5 in float32.
 */
export function moments(x: Tensor, axes: Axes): Moments {
  const keep = { keepDims: true };
  const center = mean(x, axes, keep);
  const shifted = sub(x, center);
  const correction = mean(shifted, axes, keep);
  const centered = sub(shifted, correction);
  return { mean: add(center, correction), variance: mean(square(centered), axes, keep), centered, center, correction };
}

/** How many elements of `x` are reduced to one over `axes`. */
export function countOver(x: Tensor, axes: Axes | undefined): number {
  return normalizeAxes(axes, x.shape.length, 'mean').reduce((count, axis) => count * x.shape[axis]!, 1);
}

function withoutAxes(x: Tensor, axes: readonly number[]): Tensor {
  return emit('reshape', [x], { shape: x.shape.filter((_, axis) => !axes.includes(axis)) });
}
