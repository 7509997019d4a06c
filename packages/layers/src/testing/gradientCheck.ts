// Gradients of a layer against central differences in float64, for the input and every parameter.
import type { AnyLayer, NdArray } from '@nn/core';
import { array, layerRunner } from './layerRunner.ts';
import type { LayerRunnerOptions } from './layerRunner.ts';

/** Numbers without pattern in [−1, 1], the same in every run. */
export function irregular(count: number, phase = 0): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => Math.sin(12.9898 * (index + 1) + 4.1414 * phase + 0.5));
}

/** Weights of the outputs in the loss. */
const upstream = (outputs: number): Float64Array => irregular(outputs, 7);

export interface GradientCheckOptions extends Pick<LayerRunnerOptions, 'training' | 'seed'> {
  /** Values in place of the starting ones, by variable path. */
  readonly variables?: Readonly<Record<string, NdArray>>;
}

/**
 * How far the gradients of Σ upstream · y are from (L(v + h) − L(v − h)) / 2h, as a fraction of the largest in their array.
 * `x` must stay away from kinks by more than 1e-5.
 */
export async function gradientError(layer: AnyLayer, x: NdArray, options: GradientCheckOptions = {}): Promise<number> {
  const runner = await layerRunner(layer, x, { ...options, upstream });
  for (const [path, value] of Object.entries(options.variables ?? {})) runner.store.write(path, value);
  const { names } = runner.store;
  const start = new Map(await Promise.all(names.map(async (path) => [path, await runner.store.read(path)] as const)));
  const loss = async (input: NdArray): Promise<number> => {
    // A training run changes the running statistics: every run starts from the same ones.
    for (const [path, { role }] of runner.variables) if (role === 'buffer') runner.store.write(path, start.get(path)!);
    const { y } = await runner.run(input);
    const weights = upstream(y.size);
    return Array.from(y.data).reduce((total, value, index) => total + value * weights[index]!, 0);
  };
  const lossAt = (name: string, value: NdArray): Promise<number> => {
    if (name === 'x') return loss(value);
    runner.store.write(name, value);
    return loss(x);
  };
  const { gradients } = await runner.run(x);
  let worst = 0;
  for (const [name, gradient] of Object.entries(gradients)) {
    const value = name === 'x' ? x : start.get(name)!;
    const differences = await centralDifferences(value, (changed) => lossAt(name, changed));
    if (name !== 'x') runner.store.write(name, value);
    const largest = Math.max(...differences.map(Math.abs), 1e-3);
    const errors = differences.map((difference, index) => Math.abs(gradient.data[index]! - difference) / largest);
    worst = Math.max(worst, ...errors);
  }
  return worst;
}

async function centralDifferences(base: NdArray, evaluate: (changed: NdArray) => Promise<number>): Promise<number[]> {
  const differences: number[] = [];
  for (const [index, value] of base.data.entries()) {
    const h = 1e-5 * Math.max(1, Math.abs(value));
    const at = (moved: number): Promise<number> =>
      evaluate(
        array(
          base.data.map((other, place) => (place === index ? moved : other)),
          base.shape,
        ),
      );
    differences.push(((await at(value + h)) - (await at(value - h))) / (2 * h));
  }
  return differences;
}
