// An activation against a table of points: values and derivatives, as a function of tensors, as a layer, and rebuilt from data.
import type { Options, Tensor } from '@nn/core';
import { build, describe, gradients, run, sum } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import type { Dual, DualFactory } from '../activations/dual.ts';
import { applyLayer, array } from './layerRunner.ts';

/** x, f(x) and f'(x). */
export type ActivationPoint = readonly [x: number, value: number, derivative: number];

/** A sentence for everything that is off by more than 1e-14 relative. NaN must stay NaN. */
export async function activationErrors<Given extends Options>(
  activation: DualFactory<Given> & Dual<Given>,
  options: Given,
  points: readonly ActivationPoint[],
): Promise<string[]> {
  const xs = array([...points.map(([x]) => x), Number.NaN], [points.length + 1]);
  const values = [...points.map(([, value]) => value), Number.NaN];
  const valueAndDerivative = (x: Tensor): { value: Tensor; derivative: Tensor } => {
    const value = activation(x, options);
    return { value, derivative: gradients(sum(value), [x])[0]! };
  };
  const { value, derivative } = await run(referenceBackend(), valueAndDerivative, xs);
  const layer = activation(options);
  const rebuilt = build(describe(layer), { [layer.kind]: activation });
  return [
    ...differences('value', value.data, values),
    ...differences(
      'derivative',
      derivative.data,
      points.map(([, , slope]) => slope),
    ),
    ...differences('value of the layer', (await applyLayer(layer, xs)).y.data, values),
    ...differences('value of the rebuilt layer', (await applyLayer(rebuilt, xs)).y.data, values),
  ];
}

function differences(what: string, actual: ArrayLike<number>, expected: readonly number[]): string[] {
  return expected.flatMap((value, index) => {
    const found = actual[index]!;
    const close = Object.is(found, value) || found === value || Math.abs(found - value) <= 1e-14 * Math.abs(value);
    return close ? [] : [`${what} ${index} is ${found} instead of ${value}`];
  });
}
