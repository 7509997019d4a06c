// Input standardization as a layer: its numbers are learned from data once, and saved with the model.
import type { Context, Layer, Tensor, TensorSpec, VariableSpec } from '@nn/core';
import { defineFactory, elementwise, reshape, resolveOptions, scalar } from '@nn/core';
import { ones, zeros } from '@nn/initializers';
import { defaults } from '../defaults.ts';
import type { SampleAxes } from './sampleAxes.ts';
import { checkedAxes, sampleLayout } from './sampleAxes.ts';

export interface StandardizeOptions {
  /** Axes along which means and deviations differ: default −1, one of each per feature or channel; `[]` is one for all. */
  readonly axes?: SampleAxes;
}

/** The tap that shows what the layer is given. */
export const standardizedInput = 'input';

/**
 * (x − mean) / deviation for x [batch, …], in training as in inference. Variables: the buffers `mean` (0) and `deviation` (1), of the
 * extents of `axes`, which `adapt` takes from data and training leaves alone.
 * Source: lectures 003 and 004 ("it's usually a good idea to normalize linear model inputs").
 *
 * @throws ConfigError for axes that include the batch; ShapeError for an input without those axes
 */
export const standardize = defineFactory('standardize', createStandardize, createStandardize);

function createStandardize(options: StandardizeOptions = {}): Layer {
  const given = resolveOptions('standardize', options, defaults.standardize);
  const axes = checkedAxes('standardize', given.axes);
  return Object.freeze({
    kind: 'standardize',
    options: Object.freeze({ axes }),
    variables(input: TensorSpec) {
      const { extents: shape } = sampleLayout('standardize', input, axes);
      const buffer = (init: VariableSpec['init']): VariableSpec => ({ shape, dtype: 'f32', role: 'buffer', init });
      return { mean: buffer(zeros()), deviation: buffer(ones()) };
    },
    apply(x: Tensor, context: Context): Tensor {
      const { stretching } = sampleLayout('standardize', x, axes);
      const [mean, deviation] = [reshape(context.get('mean'), stretching), reshape(context.get('deviation'), stretching)];
      return elementwise(
        (value, center, spread) => scalar.div(scalar.sub(value, center), spread),
        context.tap(standardizedInput, x),
        mean,
        deviation,
      );
    },
  });
}
