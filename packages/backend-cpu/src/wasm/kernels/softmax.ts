// `softmax` and `logSoftmax` along any axis, and the cross-entropy of rows with its gradient.
import { sizeOf } from '@nn/core';
import type { TensorSpec } from '@nn/core';
import type { WasmKernel, WasmStep } from '../command.ts';
import { floatWord } from '../command.ts';
import { fillCommand } from './fill.ts';
import { aroundAxis } from './nest.ts';

export const softmaxKernel: WasmKernel<'softmax'> = ({ attrs: { axis }, inputs }) => alongAxis(inputs[0]!, axis, false);

export const logSoftmaxKernel: WasmKernel<'logSoftmax'> = ({ attrs: { axis }, inputs }) => alongAxis(inputs[0]!, axis, true);

function alongAxis({ shape }: TensorSpec, axis: number, logarithm: boolean): WasmStep {
  const { outer, extent, inner } = aroundAxis(shape, axis);
  const size = sizeOf(shape);
  if (size === 0) return { commands: [] };
  const lines = inner === 1 ? [outer, extent] : [outer, extent, inner];
  return {
    commands: [
      {
        kernel: inner === 1 ? 'softmaxRows' : 'softmaxColumns',
        words: ({ inputs: [x], outputs: [y] }) => [x!, y!, ...lines, Number(logarithm)],
        work: 1.5 * size,
      },
    ],
  };
}

export const softmaxCrossEntropyKernel: WasmKernel<'softmaxCrossEntropy'> = ({ attrs: { labelSmoothing }, inputs, outputs }) => {
  const size = sizeOf(inputs[0]!.shape);
  const rows = inputs[0]!.shape[0]!;
  if (size === 0) return { commands: outputs[0] && rows > 0 ? [fillCommand('f32', rows, 0)] : [] };
  const end = targetWords(inputs, labelSmoothing);
  return {
    commands: [
      {
        kernel: 'crossEntropy',
        words: ({ inputs: [logits, target], outputs: [loss, probabilities] }) => [logits!, target!, loss!, probabilities!, ...end],
        work: 1.6 * size + 5 * rows,
      },
    ],
  };
};

export const softmaxCrossEntropyGradientKernel: WasmKernel<'softmaxCrossEntropyGradient'> = ({ attrs: { labelSmoothing }, inputs }) => {
  const size = sizeOf(inputs[0]!.shape);
  if (size === 0) return { commands: [] };
  const end = targetWords(inputs, labelSmoothing);
  return {
    commands: [
      {
        kernel: 'crossEntropyGradient',
        words: ({ inputs: [probabilities, target, dLoss], outputs: [dLogits] }) => [probabilities!, target!, dLoss!, dLogits!, ...end],
        work: 0.2 * size + 1.5 * inputs[0]!.shape[0]!,
      },
    ],
  };
};

/** What both blocks end with: rows, classes, what a target is, 1 − smoothing, smoothing / classes. */
function targetWords([rowsOfClasses, target]: readonly TensorSpec[], smoothing: number): number[] {
  const [rows, classes] = rowsOfClasses!.shape as [number, number];
  return [rows, classes, Number(target!.dtype === 'i32'), floatWord(1 - smoothing), floatWord(smoothing / classes)];
}
