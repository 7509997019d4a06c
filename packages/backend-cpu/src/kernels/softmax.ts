// `softmax` and `logSoftmax` along any axis, and the cross-entropy of rows with its gradient.
import type { TypedArray } from '@nn/core';
import { aroundAxis } from './kernel.ts';
import type { CpuKernel } from './kernel.ts';

export const softmaxKernel: CpuKernel<'softmax'> = ({ attrs: { axis }, inputs }) => {
  const { outer, extent, inner } = aroundAxis(inputs[0]!.shape, axis);
  return ([x], [y]) => {
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) softmaxLine(x as Float32Array, y as Float32Array, o * extent * inner + i, inner, extent);
    }
  };
};

export const logSoftmaxKernel: CpuKernel<'logSoftmax'> = ({ attrs: { axis }, inputs }) => {
  const { outer, extent, inner } = aroundAxis(inputs[0]!.shape, axis);
  return ([x], [y]) => {
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) logSoftmaxLine(x as Float32Array, y as Float32Array, o * extent * inner + i, inner, extent);
    }
  };
};

export const softmaxCrossEntropyKernel: CpuKernel<'softmaxCrossEntropy'> = ({ attrs: { labelSmoothing }, inputs }) => {
  const [rows, classes] = inputs[0]!.shape as [number, number];
  const weightOf = targetWeights(inputs[1]!.dtype === 'i32', classes, labelSmoothing);
  return ([x, target], [loss, probabilities]) => {
    const logits = x as Float32Array;
    for (let row = 0; row < rows; row++) {
      const start = row * classes;
      if (probabilities) softmaxLine(logits, probabilities as Float32Array, start, 1, classes);
      if (!loss) continue;
      const largest = largestOf(logits, start, 1, classes);
      const logTotal = Math.log(totalPower(logits, start, 1, classes, largest));
      let sum = 0;
      for (let column = 0; column < classes; column++) {
        const weight = weightOf(target!, row, column);
        // A class of weight 0 is left out rather than multiplied: its logit may be −∞.
        if (weight !== 0) sum -= weight * (logits[start + column]! - largest - logTotal);
      }
      loss[row] = sum;
    }
  };
};

export const softmaxCrossEntropyGradientKernel: CpuKernel<'softmaxCrossEntropyGradient'> = ({ attrs: { labelSmoothing }, inputs }) => {
  const [rows, classes] = inputs[0]!.shape as [number, number];
  const weightOf = targetWeights(inputs[1]!.dtype === 'i32', classes, labelSmoothing);
  return ([probabilities, target, dLoss], [dLogits]) => {
    for (let row = 0; row < rows; row++) {
      let mass = 0;
      for (let column = 0; column < classes; column++) mass += weightOf(target!, row, column);
      for (let column = 0, at = row * classes; column < classes; column++, at++) {
        dLogits![at] = (probabilities![at]! * mass - weightOf(target!, row, column)) * dLoss![row]!;
      }
    }
  };
};

/** The weight a target gives to a class: (1 − s) q + s / classes; NaN for a class index out of range, so that it cannot go unnoticed. */
function targetWeights(isIndex: boolean, classes: number, smoothing: number): (target: TypedArray, row: number, column: number) => number {
  const floor = smoothing / classes;
  if (!isIndex) return (target, row, column) => target[row * classes + column]! * (1 - smoothing) + floor;
  return (target, row, column) => {
    const label = target[row]!;
    if (label < 0 || label >= classes) return Number.NaN;
    return label === column ? 1 - smoothing + floor : floor;
  };
}

function softmaxLine(x: Float32Array, y: Float32Array, start: number, stride: number, length: number): void {
  const largest = largestOf(x, start, stride, length);
  const end = start + stride * length;
  let total = 0;
  for (let at = start; at < end; at += stride) {
    const power = Math.exp(x[at]! - largest);
    y[at] = power;
    total += power;
  }
  for (let at = start; at < end; at += stride) y[at]! /= total;
}

function logSoftmaxLine(x: Float32Array, y: Float32Array, start: number, stride: number, length: number): void {
  const largest = largestOf(x, start, stride, length);
  const logTotal = Math.log(totalPower(x, start, stride, length, largest));
  for (let at = start; at < start + stride * length; at += stride) y[at] = x[at]! - largest - logTotal;
}

/** NaN when one of the elements is. */
function largestOf(x: Float32Array, start: number, stride: number, length: number): number {
  let largest = -Infinity;
  for (let at = start; at < start + stride * length; at += stride) largest = Math.max(largest, x[at]!);
  return largest;
}

function totalPower(x: Float32Array, start: number, stride: number, length: number, largest: number): number {
  let total = 0;
  for (let at = start; at < start + stride * length; at += stride) total += Math.exp(x[at]! - largest);
  return total;
}
