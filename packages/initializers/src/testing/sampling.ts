// Draws and moments for the tests of this package.
import type { Fans, Initializer, Shape } from '@nn/core';
import { streamKey } from '@nn/core';

/** What a variable at `path` gets from an initializer. */
export function draw(initializer: Initializer, shape: Shape, fans: Fans | null = null, seed = 0, path = 'dense1/kernel'): Float32Array {
  return initializer.fill(shape, fans, streamKey(seed, path, 0, 0));
}

export function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function variance(values: Float32Array): number {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / values.length;
}

export function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
