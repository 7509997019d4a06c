// Models as data and back: `describe` writes kinds and options, `build` calls the factories the caller passes.
import { ConfigError } from '../errors/errors.ts';
import { valueText } from '../errors/options.ts';
import { expectMethod } from '../errors/records.ts';
import { didYouMean } from '../errors/suggest.ts';
import type { AnyLayer, Value } from './contract.ts';

/** A layer, initializer, … as plain data. */
export interface Description {
  readonly kind: string;
  readonly name?: string;
  readonly frozen?: boolean;
  readonly options: { readonly [name: string]: unknown };
  readonly children?: { readonly [name: string]: Description };
}

/** What `describe` takes: any record made by a factory. */
export interface Describable {
  readonly kind: string;
  readonly name?: string;
  readonly frozen?: boolean;
  readonly options: { readonly [name: string]: unknown };
  readonly children?: { readonly [name: string]: Describable };
}

/** Factories by kind, as `build` needs them: `{ dense, batchNorm, heNormal }`. */
export type FactoryTable = {
  readonly [kind: string]: {
    rebuild(options: { readonly [name: string]: unknown }, children: { readonly [name: string]: AnyLayer }): unknown;
  };
};

/**
 * A model as plain data that survives JSON.
 * @throws ConfigError for what is no record of a kind with options, and where an option is a function (`block`, hand-written layers): code is not data
 */
export function describe(model: Describable): Description {
  expectDescribable(model, 'describe: its argument');
  const { kind, options, children } = model;
  // Every function has a name of its own, which is not one that `named` gave.
  const name = typeof model === 'function' ? undefined : model.name;
  return {
    kind,
    ...(name === undefined ? {} : { name }),
    ...(model.frozen === true ? { frozen: true } : {}),
    options: mapEntries(options, (value, option) => describeOption(value, `${kind}.${option}`)),
    ...(children === undefined ? {} : { children: mapEntries(children, (child) => describe(child)) }),
  };
}

function describeOption(value: unknown, what: string): unknown {
  // A schedule is a function, but one that knows its kind and options, like any other record.
  if (isDescribable(value)) return describe(value);
  if (typeof value === 'function') {
    throw new ConfigError(`${what} is a function; a description holds data only. Build this layer in code instead.`);
  }
  if (Array.isArray(value)) return value.map((entry, index) => describeOption(entry, `${what}[${index}]`));
  if (typeof value !== 'object' || value === null) return value;
  return mapEntries(value as Record<string, unknown>, (entry, key) => describeOption(entry, `${what}.${key}`));
}

/**
 * The model of a description.
 * @param table the factories of all kinds in it; only what the caller imports is bundled
 * @throws ConfigError for what is no description, and for a kind that the table lacks
 */
export function build(description: Description, table: FactoryTable): AnyLayer {
  return rebuild(description, table) as AnyLayer;
}

function rebuild(description: Description, table: FactoryTable): unknown {
  expectDescribable(description, 'build: a description');
  const { kind, options, children } = description;
  const factory = Object.hasOwn(table, kind) ? table[kind] : undefined;
  if (factory === undefined) {
    throw new ConfigError(
      `No factory for the kind "${kind}" was passed to build.${didYouMean(kind, Object.keys(table))}`,
      'config.unknown',
    );
  }
  const made = factory.rebuild(
    mapEntries(options, (value) => rebuildOption(value, table)),
    mapEntries(children ?? {}, (child) => build(child, table)),
  );
  return marked(made, description);
}

/** What a record is besides its kind and options: its pinned name, and whether it is frozen. */
function marked<Made>(made: Made, { name, frozen: isFrozen }: { readonly name?: string; readonly frozen?: boolean }): Made {
  const layer = name === undefined ? made : (named(name, made as AnyLayer) as Made);
  return isFrozen === true ? (frozen(layer as AnyLayer) as Made) : layer;
}

function rebuildOption(value: unknown, table: FactoryTable): unknown {
  if (Array.isArray(value)) return value.map((entry) => rebuildOption(entry, table));
  if (typeof value !== 'object' || value === null) return value;
  if (isDescribable(value)) return rebuild(value, table);
  return mapEntries(value as Record<string, unknown>, (entry) => rebuildOption(entry, table));
}

/** Descriptions come from files. */
function expectDescribable(value: Describable, what: string): void {
  if (isDescribable(value) && typeof value.kind === 'string' && typeof (value.children ?? {}) === 'object') return;
  throw new ConfigError(`${what} is ${valueText(value)}; it is a record with a kind and options, and perhaps with children by name.`);
}

function isDescribable(value: unknown): value is Describable {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return 'kind' in value && 'options' in value && typeof value.options === 'object' && value.options !== null;
}

/** The same layer with a pinned name: its path keeps when layers are put before it. */
export function named<L extends { readonly kind: string; apply(input: never, context: never): Value }>(name: string, layer: L): L {
  if (typeof name !== 'string' || name === '' || name.includes('/')) {
    throw new ConfigError(`${valueText(name)} is no name for a layer: a name is text, not empty, and has no slash.`);
  }
  expectMethod(layer, 'apply', `named: "${name}"`, 'a layer, such as dense(10)');
  return Object.freeze({ ...layer, name });
}

/**
 * The same layer, frozen: training applies it and everything in it as inference does. Its parameters are buffers then, so no optimizer
 * moves them, and its running statistics stay. Paths, and so checkpoints, are the same. Gradients still flow through it.
 */
export function frozen<L extends { readonly kind: string; apply(input: never, context: never): Value }>(layer: L): L {
  expectMethod(layer, 'apply', 'frozen: its argument', 'a layer, such as dense(10)');
  return Object.freeze({ ...layer, frozen: true });
}

/**
 * A model with other layers in place of some: `replace` is called for every layer, children first, and returns the layer or another one.
 * A layer that stands in several places is asked for once, so that it stays one. What a `block` applies is code and is not seen.
 */
export function mapLayers(model: AnyLayer, replace: (layer: AnyLayer, path: string) => AnyLayer): AnyLayer {
  const replaced = new Map<AnyLayer, AnyLayer>();
  const visit = (layer: AnyLayer, path: string): AnyLayer => {
    const known = replaced.get(layer);
    if (known !== undefined) return known;
    const made = replace(
      withMappedChildren(layer, (child, name) => visit(child, path === '' ? name : `${path}/${name}`)),
      path,
    );
    replaced.set(layer, made);
    return made;
  };
  return visit(model, '');
}

function withMappedChildren(layer: AnyLayer, visit: (child: AnyLayer, name: string) => AnyLayer): AnyLayer {
  const { children, withChildren } = layer;
  if (children === undefined || withChildren === undefined) return layer;
  const mapped = mapEntries(children, visit);
  const same = Object.entries(mapped).every(([name, child]) => child === children[name]);
  return same ? layer : marked(withChildren(mapped), layer);
}

/** A layer and its descendants, parents first, with their paths. Layers that only exist while a `block` is traced are not known. */
export function* walkLayers(model: AnyLayer, path = ''): Generator<{ readonly path: string; readonly layer: AnyLayer }> {
  yield { path, layer: model };
  for (const [name, child] of Object.entries(model.children ?? {})) yield* walkLayers(child, path === '' ? name : `${path}/${name}`);
}

function mapEntries<A, B>(record: { readonly [name: string]: A }, convert: (value: A, name: string) => B): { [name: string]: B } {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, convert(value, name)]));
}
