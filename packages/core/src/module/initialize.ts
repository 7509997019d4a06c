// Starting values: a model is traced once to learn its variables, which are then filled on the host.
import type { TensorSpec } from '../array/dtype.ts';
import type { NdArray } from '../array/ndarray.ts';
import { zeros } from '../array/ndarray.ts';
import { sameShape, shapeText } from '../array/shape.ts';
import { ConfigError, ShapeError } from '../errors/errors.ts';
import { newTrace } from '../ops/trace.ts';
import { checkSeed, streamKey } from '../rng/threefry.ts';
import { Session } from './context.ts';
import type { AnyLayer, Layer, Value, VariableSpec, VariableSpecs } from './contract.ts';
import type { Structure } from './value.ts';
import { isTensorSpec, mapStructure, specOf } from './value.ts';

/** What a model declares for an input: its variables, what it gives, and each layer with what it gives. */
export interface ModelShape {
  readonly specs: ReadonlyMap<string, VariableSpec>;
  readonly output: Structure<TensorSpec>;
  readonly layers: ReadonlyMap<string, { readonly layer: AnyLayer; readonly output: Structure<TensorSpec> }>;
}

/**
 * Shapes of everything in a model, without any numbers.
 * @param input specs of the model's input, batch axis included
 * @throws the typed errors of its layers, with the layer's path
 */
export function modelShape(model: AnyLayer, input: Structure<TensorSpec>, options: { training?: boolean } = {}): ModelShape {
  const trace = newTrace();
  const session = new Session(trace, { training: options.training ?? false });
  const output = trace.run(() => session.apply('', model as Layer<VariableSpecs, Value, Value>, declareInputs(trace, input)));
  const layers = new Map([...session.layers].map(([path, layer]) => [path, { layer, output: specOf(session.values.get(path)!) }] as const));
  return { specs: session.declared, output: specOf(output), layers };
}

/** The variables that a layer declares itself, without those of its children. */
export function ownVariables(specs: ReadonlyMap<string, VariableSpec>, path: string): VariableSpec[] {
  return [...specs].filter(([variable]) => variable.slice(0, Math.max(0, variable.lastIndexOf('/'))) === path).map(([, spec]) => spec);
}

/** Inputs `x`, `x/0`, … of a program, in the structure of their specs. */
export function declareInputs(trace: ReturnType<typeof newTrace>, input: Structure<TensorSpec>): Value {
  return mapStructure(input, 'x', isTensorSpec, (spec, name) => trace.input(name, spec)) as Value;
}

/** Starting values of a model's variables, by path. */
export interface Initialized extends ModelShape {
  readonly variables: Readonly<Record<string, NdArray>>;
}

/**
 * Declares and fills the variables of a model. Values depend on (seed, path) alone, so adding a layer moves no other layer's numbers.
 * @param input specs of the model's input, batch axis included (any batch size gives the same variables)
 * @param seed 0 … 2³² − 1
 */
export function initialize(model: AnyLayer, input: Structure<TensorSpec>, seed: number): Initialized {
  const shape = modelShape(model, input);
  return { ...shape, variables: fillVariables(shape.specs, seed) };
}

/** Fills declared variables; those that follow from others of their layer come after them. */
export function fillVariables(specs: ReadonlyMap<string, VariableSpec>, seed: number): Record<string, NdArray> {
  checkSeed(seed);
  const filled = Object.create(null) as Record<string, NdArray>;
  let waiting = [...specs];
  while (waiting.length > 0) {
    const later = waiting.filter(([path]) => !fillOne(filled, specs, path, seed));
    if (later.length === waiting.length) {
      throw new ConfigError(
        `The starting values of ${later.map(([path]) => `"${path}"`).join(', ')} wait for each other or for variables that do not exist.`,
      );
    }
    waiting = later;
  }
  // In the order of declaration, whatever the order of filling was.
  const ordered = Object.create(null) as Record<string, NdArray>;
  for (const path of specs.keys()) ordered[path] = filled[path]!;
  return ordered;
}

/** Fills one variable unless it waits for another one. */
function fillOne(filled: Record<string, NdArray>, specs: ReadonlyMap<string, VariableSpec>, path: string, seed: number): boolean {
  const { init, shape, dtype, fans = null } = specs.get(path)!;
  if ('kind' in init) {
    const array = zeros(shape, dtype);
    array.data.set(init.fill(shape, fans, streamKey(seed, path, 0, 0)));
    filled[path] = array;
    return true;
  }
  if (!sourcesOf(specs, path).every((source) => source !== undefined && filled[source] !== undefined)) return false;
  filled[path] = derivedValue(specs, path, filled);
  return true;
}

/**
 * Paths of the variables that the starting value of another follows from, in the order in which its initializer names them; undefined
 * for a name that no variable has. None for a variable that is drawn.
 */
export function sourcesOf(specs: ReadonlyMap<string, VariableSpec>, path: string): (string | undefined)[] {
  const { init } = specs.get(path)!;
  return 'from' in init ? init.from.map((name) => nearest(name, path, specs)) : [];
}

/**
 * The starting value of a variable that follows from others.
 * @param values of its sources, by path
 * @throws ShapeError when its initializer gives another shape than it declares
 */
export function derivedValue(specs: ReadonlyMap<string, VariableSpec>, path: string, values: Readonly<Record<string, NdArray>>): NdArray {
  const { init, shape } = specs.get(path)!;
  if (!('from' in init)) throw new ConfigError(`The starting value of "${path}" is drawn; it follows from no other variable.`);
  const sources = sourcesOf(specs, path);
  const value = init.fill(Object.fromEntries(init.from.map((name, index) => [name, values[sources[index]!]!])));
  if (!sameShape(value.shape, shape)) {
    throw new ShapeError(`The starting value of "${path}" has shape ${shapeText(value.shape)}, but ${shapeText(shape)} was declared.`);
  }
  return value;
}

/** Path of the variable that a layer with the variable `path` means by `name`: its own, else that of the nearest layer around it. */
function nearest(name: string, path: string, specs: ReadonlyMap<string, VariableSpec>): string | undefined {
  const layers = path.split('/').slice(0, -1);
  const candidates = [...layers.keys(), layers.length].toReversed().map((depth) => [...layers.slice(0, depth), name].join('/'));
  return candidates.find((candidate) => candidate !== path && specs.has(candidate));
}
