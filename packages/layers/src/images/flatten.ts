// Flatten: every sample as one row of numbers, as a dense layer takes it.
import type { Layer, NoOptions, Tensor } from '@nn/core';
import { ShapeError, defineFactory, reshape, resolveOptions, sizeOf, specText } from '@nn/core';

/**
 * x [batch, …] as [batch, features], the features in row-major order; [batch] becomes [batch, 1].
 *
 * @throws ShapeError for a scalar
 */
export const flatten = defineFactory('flatten', createFlatten, createFlatten);

function createFlatten(given: NoOptions = {}): Layer {
  return Object.freeze({
    kind: 'flatten',
    options: Object.freeze(resolveOptions('flatten', given, {})),
    variables: () => ({}),
    apply(x: Tensor): Tensor {
      const [batch, ...sample] = x.shape;
      if (batch === undefined) throw new ShapeError(`flatten takes [batch, …], but x is ${specText(x)}.`);
      return reshape(x, [batch, sizeOf(sample)]);
    },
  });
}
