// Children of containers: their names, and their order where one layer is applied more than once.
import type { AnyLayer, Options } from '@nn/core';
import { ConfigError, TraceError } from '@nn/core';
import { checkLayer } from '../records.ts';

/** The layers a container applies. */
export interface Family {
  readonly children: Readonly<Record<string, AnyLayer>>;
  /** Names in the order of application. */
  readonly names: readonly string[];
  /** The order as an option, where it does not follow from `children`: with a layer that is applied more than once. */
  readonly options: Options;
}

/**
 * Names layers: `named` pins a name, a role of the container (`body`) comes next, and the others are called by kind and ordinal
 * among their kind (`dense1`, `batchNorm1`, `dense2`), so that inserting a layer renames no other kind. The same object has one
 * name, and so one set of variables.
 *
 * @throws ConfigError for what is no layer; TraceError when two layers are pinned to one name
 */
export function nameChildren(container: string, layers: readonly AnyLayer[], roles: readonly string[] = []): Family {
  layers.forEach((layer, index) => checkLayer(container, roles[index] ?? `layer ${index + 1}`, layer));
  const nameOf = new Map<AnyLayer, string>();
  const layerOf = new Map<string, AnyLayer>();
  const give = (name: string, layer: AnyLayer): void => {
    nameOf.set(layer, name);
    layerOf.set(name, layer);
  };
  for (const layer of new Set(layers)) {
    if (layer.name === undefined) continue;
    const holder = layerOf.get(layer.name);
    if (holder !== undefined) throw sharedNameError(container, layer.name, holder, layer);
    give(layer.name, layer);
  }
  const ordinals = new Map<string, number>();
  layers.forEach((layer, index) => {
    if (nameOf.has(layer)) return;
    const role = roles[index];
    if (role !== undefined && !layerOf.has(role)) return give(role, layer);
    let ordinal = ordinals.get(layer.kind) ?? 0;
    do ordinal++;
    while (layerOf.has(`${layer.kind}${ordinal}`));
    ordinals.set(layer.kind, ordinal);
    give(`${layer.kind}${ordinal}`, layer);
  });
  const names = layers.map((layer) => nameOf.get(layer)!);
  const children = Object.freeze(Object.fromEntries(names.map((name, index) => [name, layers[index]!])));
  const repeats = names.length !== Object.keys(children).length;
  return { children, names, options: Object.freeze(repeats ? { order: Object.freeze(names) } : {}) };
}

/** The layers that {@link nameChildren} named, from the options and children of a description. @throws ConfigError when they do not fit */
export function layersInOrder(container: string, options: Options, children: Readonly<Record<string, AnyLayer>> = {}): readonly AnyLayer[] {
  const names = (options['order'] ?? Object.keys(children)) as readonly string[];
  return names.map((name) => {
    const child = Object.hasOwn(children, name) ? children[name] : undefined;
    if (child === undefined) {
      throw new ConfigError(`${container}: the order names "${name}", which is none of its children ${Object.keys(children).join(', ')}.`);
    }
    return child;
  });
}

function sharedNameError(container: string, name: string, a: AnyLayer, b: AnyLayer): TraceError {
  return new TraceError(
    `${container}: a ${a.kind} and a ${b.kind} are both named "${name}", but they are two objects. ` +
      'To share variables use one object twice, else give them different names.',
    'trace.duplicate-name',
  );
}
