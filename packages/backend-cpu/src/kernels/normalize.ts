// `normalize` and its gradient: statistics in float64, whatever the axes and whatever gamma and beta are stretched over.
import { sizeOf, stretchedStrides, stridesOf } from '@nn/core';
import type { Shape } from '@nn/core';
import { rowsOf } from '../loops/axes.ts';
import type { Rows } from '../loops/axes.ts';
import type { Workspace } from '../loops/workspace.ts';
import type { CpuKernel } from './kernel.ts';

export function normalizeKernel(workspace: Workspace): CpuKernel<'normalize'> {
  return ({ attrs: { axes, epsilon }, inputs }) => {
    const [{ shape }, gamma, beta] = inputs as [(typeof inputs)[0], (typeof inputs)[0], (typeof inputs)[0]];
    const statistics = statisticsShape(shape, axes);
    const size = sizeOf(statistics);
    const perStatistic = sizeOf(axes.map((axis) => shape[axis]!));
    const rows = operandRows(shape, [shape, statistics, gamma.shape, beta.shape]);
    workspace.reserveDoubles(2 * size);
    return ([x, scale, shift], [y, mean, variance, center, correction, reciprocalDeviation]) => {
      const means = workspace.doubles.subarray(0, size);
      const deviations = workspace.doubles.subarray(size, 2 * size);
      sumValues(rows, x as Float32Array, means);
      for (let index = 0; index < size; index++) means[index]! /= perStatistic;
      sumSquaredDeviations(rows, x as Float32Array, means, deviations);
      for (let index = 0; index < size; index++) {
        const average = means[index]!;
        const rounded = Math.fround(average);
        const spread = deviations[index]! / perStatistic;
        const inside = spread + epsilon;
        // With ε = 0 a constant feature has no deviation to divide by: it becomes beta, and its gradient 0.
        deviations[index] = inside === 0 ? 0 : 1 / Math.sqrt(inside);
        if (mean) mean[index] = average;
        if (variance) variance[index] = spread;
        if (center) center[index] = rounded;
        // The mean has more digits than one float32 holds; the second one keeps them for the gradient.
        if (correction) correction[index] = average - rounded;
        if (reciprocalDeviation) reciprocalDeviation[index] = deviations[index]!;
      }
      if (y) writeNormalized(rows, x as Float32Array, means, deviations, scale as Float32Array, shift as Float32Array, y as Float32Array);
    };
  };
}

export function normalizeGradientKernel(workspace: Workspace): CpuKernel<'normalizeGradient'> {
  return ({ attrs: { axes }, inputs }) => {
    const { shape } = inputs[0]!;
    const gammaShape = inputs[1]!.shape;
    const statistics = statisticsShape(shape, axes);
    const size = sizeOf(statistics);
    const gammaSize = sizeOf(gammaShape);
    const perStatistic = sizeOf(axes.map((axis) => shape[axis]!));
    const rows = operandRows(shape, [shape, statistics, gammaShape]);
    workspace.reserveDoubles(4 * size + gammaSize);
    return ([x, gamma, center, correction, reciprocalDeviation, dy], [dx, dGamma]) => {
      const doubles = workspace.doubles;
      const sums: GradientSums = {
        means: doubles.subarray(0, size),
        scales: doubles.subarray(size, 2 * size),
        gradient: doubles.subarray(2 * size, 3 * size).fill(0),
        projected: doubles.subarray(3 * size, 4 * size).fill(0),
        gamma: doubles.subarray(4 * size, 4 * size + gammaSize).fill(0),
      };
      for (let index = 0; index < size; index++) {
        sums.means[index] = center![index]! + correction![index]!;
        sums.scales[index] = reciprocalDeviation![index]!;
      }
      sumGradients(rows, x as Float32Array, gamma as Float32Array, dy as Float32Array, sums);
      if (dGamma) dGamma.set(sums.gamma);
      if (!dx) return;
      for (let index = 0; index < size; index++) {
        sums.gradient[index]! /= perStatistic;
        sums.projected[index]! /= perStatistic;
      }
      writeGradient(rows, x as Float32Array, gamma as Float32Array, dy as Float32Array, sums, dx as Float32Array);
    };
  };
}

/** Sums over the elements that share a statistic, and over those that share a gamma. */
interface GradientSums {
  readonly means: Float64Array;
  readonly scales: Float64Array;
  /** Σ dy · gamma */
  readonly gradient: Float64Array;
  /** Σ dy · gamma · x̂ */
  readonly projected: Float64Array;
  /** Σ dy · x̂ */
  readonly gamma: Float64Array;
}

function statisticsShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
}

/** Rows over an array of `shape` for operands that stretch to it; operand 0 is the array itself. */
function operandRows(shape: Shape, operands: readonly Shape[]): Rows {
  return rowsOf({ shape, strides: operands.map((operand, index) => (index === 0 ? stridesOf(shape) : stretchedStrides(operand, shape))) });
}

function sumValues({ count, length, starts, strides }: Rows, x: Float32Array, sums: Float64Array): void {
  const step = strides[1]!;
  sums.fill(0);
  for (let row = 0; row < count; row++) {
    const source = starts[0]![row]!;
    let target = starts[1]![row]!;
    if (step === 0) {
      let sum = 0;
      for (let element = 0; element < length; element++) sum += x[source + element]!;
      sums[target]! += sum;
    } else {
      for (let element = 0; element < length; element++, target += step) sums[target]! += x[source + element]!;
    }
  }
}

function sumSquaredDeviations({ count, length, starts, strides }: Rows, x: Float32Array, means: Float64Array, sums: Float64Array): void {
  const step = strides[1]!;
  sums.fill(0);
  for (let row = 0; row < count; row++) {
    const source = starts[0]![row]!;
    let target = starts[1]![row]!;
    if (step === 0) {
      const mean = means[target]!;
      let sum = 0;
      for (let element = 0; element < length; element++) {
        const deviation = x[source + element]! - mean;
        sum += deviation * deviation;
      }
      sums[target]! += sum;
    } else {
      for (let element = 0; element < length; element++, target += step) {
        const deviation = x[source + element]! - means[target]!;
        sums[target]! += deviation * deviation;
      }
    }
  }
}

function writeNormalized(
  { count, length, starts, strides }: Rows,
  x: Float32Array,
  means: Float64Array,
  scales: Float64Array,
  gamma: Float32Array,
  beta: Float32Array,
  y: Float32Array,
): void {
  const [, statisticStep, gammaStep, betaStep] = strides as [number, number, number, number];
  for (let row = 0; row < count; row++) {
    const source = starts[0]![row]!;
    let statistic = starts[1]![row]!;
    let scale = starts[2]![row]!;
    let shift = starts[3]![row]!;
    for (let element = 0; element < length; element++, statistic += statisticStep, scale += gammaStep, shift += betaStep) {
      y[source + element] = (x[source + element]! - means[statistic]!) * scales[statistic]! * gamma[scale]! + beta[shift]!;
    }
  }
}

function sumGradients(
  { count, length, starts, strides }: Rows,
  x: Float32Array,
  gamma: Float32Array,
  dy: Float32Array,
  sums: GradientSums,
): void {
  const [, statisticStep, gammaStep] = strides as [number, number, number];
  const { means, scales, gradient, projected, gamma: gammaSums } = sums;
  for (let row = 0; row < count; row++) {
    const source = starts[0]![row]!;
    let statistic = starts[1]![row]!;
    let scale = starts[2]![row]!;
    for (let element = 0; element < length; element++, statistic += statisticStep, scale += gammaStep) {
      const upstream = dy[source + element]!;
      const scaled = upstream * gamma[scale]!;
      const normalized = (x[source + element]! - means[statistic]!) * scales[statistic]!;
      gradient[statistic]! += scaled;
      projected[statistic]! += scaled * normalized;
      gammaSums[scale]! += upstream * normalized;
    }
  }
}

/** dx = r (g − mean g − x̂ mean(g x̂)), where `gradient` and `projected` are those means. */
function writeGradient(
  { count, length, starts, strides }: Rows,
  x: Float32Array,
  gamma: Float32Array,
  dy: Float32Array,
  { means, scales, gradient, projected }: GradientSums,
  dx: Float32Array,
): void {
  const [, statisticStep, gammaStep] = strides as [number, number, number];
  for (let row = 0; row < count; row++) {
    const source = starts[0]![row]!;
    let statistic = starts[1]![row]!;
    let scale = starts[2]![row]!;
    for (let element = 0; element < length; element++, statistic += statisticStep, scale += gammaStep) {
      const factor = scales[statistic]!;
      const normalized = (x[source + element]! - means[statistic]!) * factor;
      dx[source + element] = factor * (dy[source + element]! * gamma[scale]! - gradient[statistic]! - normalized * projected[statistic]!);
    }
  }
}
