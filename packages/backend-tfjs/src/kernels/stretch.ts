// Repeating an array along axes of extent 1: the identity as a `map`.
import type { MapAttrs, Shape } from '@nn/core';
import { scalar } from '@nn/core';
import type { Scope } from '../device/runtime.ts';
import type { TensorInfo } from '../vendor/contract.ts';
import type { Prepare } from './kernel.ts';

/** Prepares repeating an f32 array of `from` to the shape `to` of the same rank. */
export type Stretch = (from: Shape, to: Shape) => (scope: Scope, tensor: TensorInfo) => TensorInfo;

export function stretchBy(map: Prepare<MapAttrs>): Stretch {
  return (from, to) => {
    const compute = map({
      attrs: { expression: scalar.input(0, 'f32') },
      inputs: [{ shape: from, dtype: 'f32' }],
      outputs: [{ shape: to, dtype: 'f32' }],
    });
    return (scope, tensor) => compute(scope, [tensor])[0]!;
  };
}
