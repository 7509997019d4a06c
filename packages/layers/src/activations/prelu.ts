// Parametric ReLU: leaky ReLU whose slopes are learned.
import type { Context, Initializer, Layer, Tensor, TensorSpec } from '@nn/core';
import { defineFactory, elementwise, reshape, resolveOptions, scalar } from '@nn/core';
import { defaults } from '../defaults.ts';
import type { SampleAxes } from '../normalization/sampleAxes.ts';
import { checkedAxes, sampleLayout } from '../normalization/sampleAxes.ts';
import { checkInitializer } from '../records.ts';

export interface PreluOptions {
  /** Axes along which slopes differ: default −1, a slope per channel; `[]` is one slope for all. */
  readonly axes?: SampleAxes;
  /** Default `constant(0.25)`. */
  readonly slopeInitializer?: Initializer;
}

/**
 * x where x > 0, else slope·x, for x [batch, …]; the gradient at 0 is the slope. Variable: the parameter `slope`, of the extents of
 * `axes`. A penalty on it would pull it towards ReLU.
 * Source: He, Zhang, Ren and Sun, "Delving deep into rectifiers" (2015).
 *
 * @throws ConfigError for options out of range or axes that include the batch; ShapeError for an input without those axes
 */
export const prelu = defineFactory('prelu', createPrelu, createPrelu);

function createPrelu(options: PreluOptions = {}): Layer {
  const given = resolveOptions('prelu', options, defaults.prelu, {
    sharedAxes: 'Give axes, those that are not shared.',
    alphaInitializer: 'Give slopeInitializer.',
  });
  const { slopeInitializer } = given;
  checkInitializer('prelu', 'slopeInitializer', slopeInitializer);
  const axes = checkedAxes('prelu', given.axes);
  return Object.freeze({
    kind: 'prelu',
    options: Object.freeze({ ...given, axes }),
    variables: (input: TensorSpec) => ({
      slope: {
        shape: sampleLayout('prelu', input, axes).extents,
        dtype: 'f32' as const,
        role: 'parameter' as const,
        init: slopeInitializer,
      },
    }),
    apply(x: Tensor, context: Context): Tensor {
      const slope = reshape(context.get('slope'), sampleLayout('prelu', x, axes).stretching);
      return elementwise((value, own) => scalar.leakyRelu(value, own), x, slope);
    },
  });
}
