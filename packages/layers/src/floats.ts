// The check of layers that compute with real numbers: on integers a quotient, a mean or a scaled value would be an integer too.
import type { TensorSpec } from '@nn/core';
import { DTypeError, specText } from '@nn/core';

/** @throws DTypeError unless x is f32 */
export function expectFloats(kind: string, x: TensorSpec): void {
  if (x.dtype !== 'f32') throw new DTypeError(`${kind} takes f32, but x is ${specText(x)}. Convert with cast(x, 'f32').`);
}
