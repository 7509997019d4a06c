// What functions over whole networks ask: the layers with their shapes, the variables of one layer, values of several.
import type { AnyLayer, NdArray, Network, Structure, TensorSpec, VariableSpecs } from '@nn/core';
import { batchedSpec, isTensorSpec, joinPath, modelShape, normalizeAxis } from '@nn/core';
import type { ChannelNormalizer } from '../normalization/channelNormalizer.ts';
import { isChannelNormalizer } from '../normalization/channelNormalizer.ts';
import type { Link } from './chains.ts';

/** A model and values for all its variables, as `createNetwork` takes them. */
export interface ModelWithVariables {
  readonly model: AnyLayer;
  readonly variables: Readonly<Record<string, NdArray>>;
}

/** What each layer gives for one sample, by path. */
export function layerShapes({ model, input }: Network): ReadonlyMap<string, Structure<TensorSpec>> {
  const { layers } = modelShape(model, batchedSpec(input, 1));
  return new Map(Array.from(layers, ([path, { output }]) => [path, output]));
}

/** The layer of a link if it normalizes the last axis of what it is given: the one that a kernel before it makes. */
export function normalizerOfLastAxis(
  { path, layer }: Link,
  given: Structure<TensorSpec> | undefined,
): { readonly path: string; readonly layer: ChannelNormalizer } | undefined {
  if (!isChannelNormalizer(layer) || given === undefined || !isTensorSpec(given)) return undefined;
  const { length: rank } = given.shape;
  return normalizeAxis(layer.channelAxis, rank, `${path}: channelAxis`) === rank - 1 ? { path, layer } : undefined;
}

/** The variables of a layer by their own names, those of its children not among them. */
export function ownVariables(network: Network, path: string): VariableSpecs {
  const own = network.variables().flatMap(({ path: variable, ...spec }) => {
    const name = variable.slice(variable.lastIndexOf('/') + 1);
    return variable === joinPath(path, name) ? [[name, spec] as const] : [];
  });
  return Object.fromEntries(own);
}

/** Values of variables, copied to the host. */
export async function valuesOf(network: Network, paths: readonly string[]): Promise<Record<string, NdArray>> {
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await network.read(path)] as const)));
}
