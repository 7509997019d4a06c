// Running a model forward for any number of rows with two programs: one sample, and one chunk whose tail is padded and cut.
import type { DType, TensorSpec } from '../array/dtype.ts';
import { allocateTyped, specText } from '../array/dtype.ts';
import type { ArrayLike } from '../array/ndarray.ts';
import { NdArray, full, ndarray } from '../array/ndarray.ts';
import { sameShape, shapeText, sizeOf } from '../array/shape.ts';
import type { Backend, Executable, Store } from '../backend/contract.ts';
import { DTypeError, ShapeError } from '../errors/errors.ts';
import { seedInput, stepInput } from './context.ts';
import type { AnyLayer } from './contract.ts';
import { activationPrefix, inferenceProgram } from './programs.ts';
import type { InputSpec, Structure } from './value.ts';
import { batchedSpec, isTensorSpec, partsOf } from './value.ts';

/** Rows per run of the batch program. */
export const chunkRows = 64;

interface Batch {
  /** By input name (`x`, `x/0`), all with the batch axis. */
  readonly arrays: ReadonlyMap<string, NdArray>;
  readonly rows: number;
  /** One sample was given, so one result is wanted. */
  readonly single: boolean;
}

interface CompiledModel {
  readonly backend: Backend;
  readonly executables: Map<string, Promise<Executable>>;
}

/** Compiled inference programs of a model, kept for the backend they were compiled for. */
export class Forward {
  readonly #model: AnyLayer;
  readonly #input: InputSpec;
  readonly #seed: number;
  #compiled: CompiledModel | undefined;
  #runs = 0;

  constructor(options: { model: AnyLayer; input: InputSpec; seed: number }) {
    this.#model = options.model;
    this.#input = options.input;
    this.#seed = options.seed;
  }

  async predict(place: { backend: Backend; store: Store }, x: Structure<ArrayLike>): Promise<Structure<NdArray>> {
    const results = await this.#run(place, x, []);
    return structureOf(results, 'y');
  }

  async activations(
    place: { backend: Backend; store: Store },
    x: Structure<ArrayLike>,
    paths: readonly string[],
  ): Promise<Record<string, NdArray>> {
    const results = await this.#run(place, x, paths);
    const prefix = `${activationPrefix}/`;
    return Object.fromEntries(
      [...results].filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value]),
    );
  }

  /** Frees the executables. */
  async release(): Promise<void> {
    const compiled = this.#compiled;
    this.#compiled = undefined;
    if (compiled !== undefined) await disposeAll(compiled.executables.values());
  }

  /** All outputs of the program over all rows of `x`. */
  async #run(
    { backend, store }: { backend: Backend; store: Store },
    x: Structure<ArrayLike>,
    paths: readonly string[],
  ): Promise<Map<string, NdArray>> {
    const batch = toBatch(this.#input, x);
    const size = batch.single ? 1 : chunkRows;
    const executable = await this.#executable(backend, size, paths);
    const { outputs, slots, inputs } = executable.program;
    const collected = new Map(Object.entries(outputs).map(([name, slot]) => [name, collector(slots[slot]!, size, batch.rows)]));
    for (let row = 0; row < batch.rows; row += size) {
      const count = Math.min(size, batch.rows - row);
      const chunk = Object.fromEntries([...batch.arrays].map(([name, array]) => [name, rowsOf(array, row, count, size)]));
      if (seedInput in inputs) Object.assign(chunk, randomInputs(this.#seed, this.#runs++));
      const results = executable.run(store, chunk);
      for (const [name, target] of collected) target.put(await results.read(name), row, count);
    }
    return new Map([...collected].map(([name, target]) => [name, batch.single ? target.array.row(0) : target.array]));
  }

  async #executable(backend: Backend, rows: number, paths: readonly string[]): Promise<Executable> {
    const earlier = this.#compiled;
    const compiledModel = earlier?.backend === backend ? earlier : { backend, executables: new Map<string, Promise<Executable>>() };
    this.#compiled = compiledModel;
    if (earlier !== undefined && earlier !== compiledModel) await disposeAll(earlier.executables.values());
    const { executables } = compiledModel;
    const key = [rows, ...paths].join('\n');
    const known = executables.get(key);
    if (known !== undefined) return known;
    // Activations are asked for with changing paths: of those only the last few are kept.
    if (executables.size >= maxExecutables) await forgetOldest(executables);
    const compiled = backend.compile(inferenceProgram({ model: this.#model, input: batchedSpec(this.#input, rows), activations: paths }));
    executables.set(key, compiled);
    compiled.catch(() => executables.delete(key));
    return compiled;
  }
}

const maxExecutables = 4;

/** Disposes what compiled; what failed to compile has nothing to free, and its error went to whoever asked. */
async function disposeAll(executables: Iterable<Promise<Executable>>): Promise<void> {
  for (const result of await Promise.allSettled(executables)) {
    if (result.status === 'fulfilled') await result.value.dispose();
  }
}

async function forgetOldest(executables: Map<string, Promise<Executable>>): Promise<void> {
  const [key, oldest] = [...executables].find(([name]) => name.includes('\n')) ?? [];
  if (key === undefined) return;
  executables.delete(key);
  await (await oldest)?.dispose();
}

function randomInputs(seed: number, step: number): Record<string, NdArray> {
  return { [seedInput]: full([], seed | 0, 'i32'), [stepInput]: full([], step | 0, 'i32') };
}

/** Host memory that an output's rows are gathered into. */
function collector(
  spec: TensorSpec,
  chunk: number,
  rows: number,
): { array: NdArray; put(part: NdArray, row: number, count: number): void } {
  const [batch, ...sample] = spec.shape;
  if (batch !== chunk) {
    throw new ShapeError(
      `The model gives ${specText(spec)} for ${chunk} rows; predict needs one result per row. Do not reduce over the batch axis.`,
    );
  }
  const width = sizeOf(sample);
  const array = new NdArray(allocateTyped(spec.dtype, rows * width), [rows, ...sample], spec.dtype);
  return { array, put: (part, row, count) => array.data.set(part.data.subarray(0, count * width), row * width) };
}

/** Rows `from` … `from + count`, padded with zeros up to `size` rows. */
function rowsOf(array: NdArray, from: number, count: number, size: number): NdArray {
  const sample = array.shape.slice(1);
  const width = sizeOf(sample);
  const rows = array.data.subarray(from * width, (from + count) * width);
  if (count === size) return new NdArray(rows, [size, ...sample], array.dtype);
  const padded = allocateTyped(array.dtype, size * width);
  padded.set(rows);
  return new NdArray(padded, [size, ...sample], array.dtype);
}

/** The given arrays with a batch axis. @throws ShapeError, DTypeError when they do not fit the input spec */
function toBatch(input: InputSpec, x: Structure<ArrayLike>): Batch {
  const wanted = partsOf<TensorSpec>(batchedSpec(input, 1), 'x', isTensorSpec);
  const arrays = new Map<string, NdArray>();
  const shapes: { rows: number; single: boolean }[] = [];
  for (const [name, spec] of wanted) {
    const array = toArray(partNamed(x, name), spec.dtype, name);
    const sample = spec.shape.slice(1);
    const single = sameShape(array.shape, sample);
    if (!single && !sameShape(array.shape.slice(1), sample)) throw unfit(name, array, sample);
    arrays.set(name, single ? array.reshape([1, ...sample]) : array);
    shapes.push({ rows: single ? 1 : array.shape[0]!, single });
  }
  const first = shapes[0]!;
  if (shapes.some(({ rows, single }) => rows !== first.rows || single !== first.single)) {
    throw new ShapeError(
      `The parts of the input have ${shapes.map(({ rows, single }) => (single ? 'one sample' : `${rows} rows`)).join(' and ')}; they must agree.`,
    );
  }
  return { arrays, ...first };
}

function unfit(name: string, array: NdArray, sample: readonly number[]): ShapeError {
  const flat = sizeOf(sample) === sizeOf(array.shape) ? ` It has the right number of elements: reshape it to ${shapeText(sample)}.` : '';
  return new ShapeError(
    `${name} is ${specText(array)}, but the model takes samples of shape ${shapeText(sample)}, one of them or [rows, …].${flat}`,
  );
}

function partNamed(x: Structure<ArrayLike>, name: string): ArrayLike {
  if (name === 'x') return x as ArrayLike;
  const part = (x as Readonly<Record<string, ArrayLike>>)[name.slice(2)];
  if (part === undefined) throw new ShapeError(`The input has no part "${name.slice(2)}", which the model takes.`, 'shape.invalid');
  return part;
}

function toArray(source: ArrayLike, dtype: DType, name: string): NdArray {
  const array = source instanceof NdArray || ArrayBuffer.isView(source) ? ndarray(source) : ndarray(source, { dtype });
  if (array.dtype !== dtype) {
    const scale = array.dtype === 'u8' ? ' Bytes are scaled first, by 1/255 say; a data set does it for its batches.' : '';
    throw new DTypeError(`${name} is ${array.dtype}, but the model takes ${dtype}. Nothing is cast silently.${scale}`);
  }
  return array;
}

function structureOf(results: ReadonlyMap<string, NdArray>, prefix: string): Structure<NdArray> {
  const only = results.get(prefix);
  if (only !== undefined) return only;
  const parts = [...results]
    .filter(([name]) => name.startsWith(`${prefix}/`))
    .map(([name, value]) => [name.slice(prefix.length + 1), value] as const);
  const isTuple = parts.every(([name], index) => name === String(index));
  return isTuple ? parts.map(([, value]) => value) : Object.fromEntries(parts);
}
