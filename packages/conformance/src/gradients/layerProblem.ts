// A layer as a gradient problem: differentiated by its input and all its parameters, in training or in inference.
import type { Layer, NdArray, VariableSpec } from '@nn/core';
import { Session, full, initialize, seedInput, stepInput } from '@nn/core';
import { firstDraw } from '../samples/arrays.ts';
import type { LayerSample } from '../samples/layers.ts';
import type { GradientProblem } from './problem.ts';

const inputName = 'x';

/** @param training batch statistics and dropout, or running statistics and none */
export function layerProblem({ title, model, x }: LayerSample, training: boolean): GradientProblem {
  const layer = model as Layer;
  const { specs, variables } = initialize(layer, { shape: x.shape, dtype: x.dtype }, 1);
  const parameters = [...specs].filter(([, { role }]) => role === 'parameter').map(([path]) => path);
  return {
    title: `${title}, ${training ? 'training' : 'inference'}`,
    inputs: { [inputName]: x, [seedInput]: full([], 3, 'i32'), [stepInput]: full([], 1, 'i32') },
    variables: Object.fromEntries([...specs].map(([path, spec]) => [path, unlikeTheStart(path, spec, variables[path]!)])),
    // Indices have no derivative.
    by: x.dtype === 'f32' ? [inputName, ...parameters] : parameters,
    exact: false,
    stopsGradient: false,
    record(trace) {
      const session = new Session(trace, { training });
      const y = session.apply('', layer, trace.input(inputName, x));
      // Declared whether the layer is random or not, so that every problem has the same inputs.
      for (const name of [seedInput, stepInput]) session.scalarInput(name);
      return [y];
    },
  };
}

/** Zeros and ones would hide a gradient that is not multiplied by gamma, or not added to. */
function unlikeTheStart(path: string, { shape, dtype, role }: VariableSpec, start: NdArray): NdArray {
  if (dtype !== 'f32') return start;
  return role === 'buffer' ? firstDraw.positive(path, shape) : firstDraw.normal(path, shape);
}
