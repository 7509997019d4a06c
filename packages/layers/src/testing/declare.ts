// A layer's variables for one input shape.
import type { AnyLayer, DType, Initialized } from '@nn/core';
import { initialize } from '@nn/core';

/** Specs and starting values, by path. */
export function declare(layer: AnyLayer, shape: readonly number[], dtype: DType = 'f32'): Initialized {
  return initialize(layer, { shape, dtype }, 7);
}
