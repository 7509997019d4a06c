// Running a model forward for any number of rows with two programs: one sample, and one chunk whose tail is padded and cut.
import type { TensorSpec } from '../array/dtype.ts';
import { allocateTyped, specText } from '../array/dtype.ts';
import { withoutForeign } from '../array/foreign.ts';
import { NdArray, full } from '../array/ndarray.ts';
import { sizeOf } from '../array/shape.ts';
import type { Backend, Executable, Store } from '../backend/contract.ts';
import { ShapeError } from '../errors/errors.ts';
import { seedInput, stepInput } from './context.ts';
import type { AnyLayer } from './contract.ts';
import { activationPrefix, inferenceProgram } from './programs.ts';
import type { HostInput, PredictInput } from './rows.ts';
import { paddedRows, toBatch } from './rows.ts';
import type { InputSpec, Structure } from './value.ts';
import { batchedSpec, isTensorSpec, mapStructure } from './value.ts';

/** Rows per run of the batch program. */
export const chunkRows = 64;

interface CompiledModel {
  readonly backend: Backend;
  readonly executables: Map<string, Promise<Executable>>;
}

/** Compiled inference programs of a model, kept for the backend they were compiled for. */
export class Forward {
  readonly #model: AnyLayer;
  readonly #input: InputSpec;
  readonly #output: Structure<TensorSpec>;
  readonly #seed: number;
  #compiled: CompiledModel | undefined;
  #runs = 0;

  /** @param options `output`: what the model gives, for its structure */
  constructor(options: { model: AnyLayer; input: InputSpec; output: Structure<TensorSpec>; seed: number }) {
    this.#model = options.model;
    this.#input = options.input;
    this.#output = options.output;
    this.#seed = options.seed;
  }

  async predict(place: { backend: Backend; store: Store }, x: Structure<PredictInput>): Promise<Structure<NdArray>> {
    const results = await this.#run(place, x, []);
    return mapStructure<TensorSpec, NdArray>(this.#output, 'y', isTensorSpec, (_, name) => results.get(name)!);
  }

  async activations(
    place: { backend: Backend; store: Store },
    x: Structure<PredictInput>,
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
    x: Structure<PredictInput>,
    paths: readonly string[],
  ): Promise<Map<string, NdArray>> {
    const batch = toBatch(this.#input, await withoutForeign<Structure<HostInput>>(x));
    const size = batch.single ? 1 : chunkRows;
    const executable = await this.#executable(backend, size, paths);
    const { outputs, slots, inputs } = executable.program;
    const collected = new Map(Object.entries(outputs).map(([name, slot]) => [name, collector(slots[slot]!, size, batch.rows)]));
    for (let row = 0; row < batch.rows; row += size) {
      const count = Math.min(size, batch.rows - row);
      const chunk = Object.fromEntries([...batch.parts].map(([name, part]) => [name, paddedRows(part, row, count, size)]));
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
