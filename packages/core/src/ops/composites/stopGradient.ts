// `stopGradient`: its input, through which no gradient flows. It lowers to nothing.
import type { Tensor } from '../../program/tensor.ts';
import type { Composite, NoAttrs } from '../spec.ts';
import { callComposite } from './composite.ts';

export const stopGradientOp: Composite<'stopGradient', NoAttrs, 'output'> = {
  name: 'stopGradient',
  kind: 'composite',
  outputNames: ['output'],
  decompose: ([x]) => ({ output: x! }),
  vjp: () => [null],
  rounds: false,
};

/** `x` as a constant for gradients. */
export function stopGradient(x: Tensor): Tensor {
  return callComposite(stopGradientOp, [x], {}).output;
}
