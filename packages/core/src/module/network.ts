// A network: a model with its variables on a backend. Inference, inspection, saving and loading; no trainer needed.
import type { ForeignTensor, OwnedForeignTensor } from '../array/foreign.ts';
import { withoutForeign } from '../array/foreign.ts';
import { NdArray } from '../array/ndarray.ts';
import { decodeSafetensors, encodeSafetensors } from '../array/safetensors.ts';
import type { Backend, Store } from '../backend/contract.ts';
import { Disposing } from '../errors/disposing.ts';
import { ConfigError, DisposedError } from '../errors/errors.ts';
import { checkChoice, resolveOptions, valueText } from '../errors/options.ts';
import { expectBackend } from '../errors/records.ts';
import type { AnyLayer, VariableSpec } from './contract.ts';
import { Forward } from './forward.ts';
import type { ModelShape } from './initialize.ts';
import { fillVariables, modelShape } from './initialize.ts';
import { checkVariables } from './loading.ts';
import type { PredictInput } from './rows.ts';
import type { Summary, SummaryOptions } from './summary.ts';
import { summarize } from './summary.ts';
import type { InputSpec, Structure } from './value.ts';
import { batchedSpec, mapStructure, partsOf } from './value.ts';

/** Where a network's variables are. A trainer hands out its own, so that its network follows `moveTo`. */
export interface Placement {
  readonly backend: Backend;
  readonly store: Store;
}

export interface NetworkOptions {
  readonly model: AnyLayer;
  /** What one sample looks like, without the batch axis: `[784]`. */
  readonly input: InputSpec;
  readonly backend: Backend;
  /** Of the starting values and of random layers that are active in inference; default 0. */
  readonly seed?: number;
  /** Starting values by path, in place of those of the initializers. All of the model's variables. */
  readonly variables?: Readonly<Record<string, NdArray | ForeignTensor>>;
}

/** A variable of a network. */
export interface VariableInfo extends VariableSpec {
  readonly path: string;
}

const isNdArray = (value: unknown): value is NdArray => value instanceof NdArray;

/** What a result can be given as. */
interface ResultForms {
  readonly array: NdArray;
  readonly tensor: OwnedForeignTensor;
}

/** The form of what `predict` gives. */
export type ResultForm = keyof ResultForms;

/** One result in that form. */
export type Predicted<As extends ResultForm> = ResultForms[As];

/** How `predict` gives its results. */
export interface PredictOptions<As extends ResultForm = ResultForm> {
  /** `'array'` (default): arrays on the host. `'tensor'`: tensors of the library that the backend runs on. */
  readonly as?: As;
}

/** A network on a backend; make one with `createNetwork`, or take a trainer's. It borrows the backend. */
export class Network extends Disposing {
  readonly model: AnyLayer;
  readonly input: InputSpec;
  readonly seed: number;
  readonly #shape: ModelShape;
  readonly #forward: Forward;
  #placement: Placement;
  readonly #ownsStore: boolean;
  #disposed = false;

  /** @internal */
  constructor(shape: ModelShape, options: { model: AnyLayer; input: InputSpec; seed: number; ownsStore: boolean }, placement: Placement) {
    super();
    this.model = options.model;
    this.input = options.input;
    this.seed = options.seed;
    this.#shape = shape;
    this.#placement = placement;
    this.#ownsStore = options.ownsStore;
    this.#forward = new Forward({ ...options, output: shape.output });
  }

  get backend(): Backend {
    return this.#placement.backend;
  }

  /**
   * What the model says: one sample in, one result out; a batch in, a batch out. Compiles at most twice, whatever the batch sizes.
   * @param x arrays, sources of rows, or tensors of another library, which stay the caller's
   * @param options `{ as: 'tensor' }` gives tensors of the library that the backend runs on; they are the caller's to free
   * @throws ShapeError, DTypeError when `x` does not fit the input; ConfigError for tensors of a backend that runs on no library
   */
  async predict<As extends ResultForm = 'array'>(x: PredictInput, options?: PredictOptions<As>): Promise<Predicted<As>>;
  async predict<As extends ResultForm = 'array'>(
    x: Structure<PredictInput>,
    options?: PredictOptions<As>,
  ): Promise<Structure<Predicted<As>>>;
  async predict(x: Structure<PredictInput>, options: PredictOptions = {}): Promise<Structure<NdArray | OwnedForeignTensor>> {
    const { as } = resolveOptions<Required<PredictOptions>>('predict', options, { as: 'array' });
    const asTensors = checkChoice('predict', 'as', as, ['array', 'tensor']) === 'tensor';
    const place = this.#place();
    const { backend } = place;
    if (asTensors && backend.toForeign === undefined) {
      throw new ConfigError(`predict: the backend "${backend.name}" runs on no library with tensors of its own; leave out as: 'tensor'.`);
    }
    const y = await this.#forward.predict(place, x);
    if (!asTensors) return y;
    const tensors = new Map<string, OwnedForeignTensor>();
    for (const [name, part] of partsOf<NdArray>(y, 'y', isNdArray)) tensors.set(name, await backend.toForeign!(part));
    return mapStructure<NdArray, OwnedForeignTensor>(y, 'y', isNdArray, (_, name) => tensors.get(name)!);
  }

  /**
   * Values inside the model for the same kind of input as `predict`: those of layers (`dense1`) and taps (`block1/attention`).
   * @throws ConfigError for a path that does not exist
   */
  async activations(x: Structure<PredictInput>, paths: readonly string[]): Promise<Record<string, NdArray>> {
    if (!Array.isArray(paths)) throw new ConfigError(`activations takes a list of paths, not ${valueText(paths)}.`);
    return this.#forward.activations(this.#place(), x, paths);
  }

  /** One variable, copied to the host. @throws ConfigError for an unknown path */
  async read(path: string): Promise<NdArray> {
    return this.#place().store.read(path);
  }

  /** Replaces one variable. @throws ConfigError, ShapeError, DTypeError when path, shape or dtype is not the model's */
  write(path: string, value: NdArray): void {
    this.#place().store.write(path, value);
  }

  /** The model's variables in order of declaration. */
  variables(): readonly VariableInfo[] {
    return Array.from(this.#shape.specs, ([path, spec]) => ({ path, ...spec }));
  }

  /**
   * Layers, shapes, counts and floating-point operations; prints as a table. With `{ batch: 128 }` also the memory that training on such
   * batches needs between forward and backward pass.
   * @throws ConfigError for a batch that is none, and the typed errors of layers that do not train on it
   */
  summary(options: SummaryOptions = {}): Summary {
    return summarize(this.model, this.input, options, (instr, slots) => this.backend.keeps(instr, slots));
  }

  /** Moves the variables to another backend. On failure the network stays where it is. */
  async moveTo(backend: Backend): Promise<void> {
    const { store } = this.#place();
    expectBackend(backend, 'moveTo');
    if (!this.#ownsStore) throw new DisposedError('This network belongs to a trainer; move the trainer with trainer.moveTo(backend).');
    const variables = await this.#readAll();
    const moved = await backend.createStore(variables);
    await this.#forward.release();
    this.#placement = { backend, store: moved };
    await store.dispose();
  }

  /** All variables as a safetensors file. */
  async toSafetensors(metadata: Readonly<Record<string, string>> = {}): Promise<Uint8Array> {
    return encodeSafetensors(await this.#readAll(), { format: 'nn', ...metadata });
  }

  /**
   * Replaces all variables by those of a safetensors file.
   * @throws FormatError listing everything that is missing, extra or of another shape or dtype; the network is then unchanged
   */
  async loadSafetensors(bytes: Uint8Array): Promise<void> {
    const { store } = this.#place();
    const { tensors } = decodeSafetensors(bytes);
    checkVariables(this.#shape.specs, tensors, 'The safetensors file');
    for (const [path, value] of tensors) store.write(path, value);
  }

  /** Frees what is on the device. Safe to call twice. */
  override async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#forward.release();
    if (this.#ownsStore) await this.#placement.store.dispose();
  }

  async #readAll(): Promise<Record<string, NdArray>> {
    const { store } = this.#place();
    const paths = [...this.#shape.specs.keys()];
    const values = await Promise.all(paths.map((path) => store.read(path)));
    return Object.fromEntries(paths.map((path, index) => [path, values[index]!]));
  }

  #place(): Placement {
    if (this.#disposed) throw new DisposedError('This network was disposed.');
    return this.#placement;
  }
}

/**
 * A network with fresh variables, or with given ones.
 * @throws ConfigError for what is no backend, no layer or no spec of a sample; the typed errors of the layers; ShapeError, DTypeError, FormatError when given variables do not fit
 */
export async function createNetwork(options: NetworkOptions): Promise<Network> {
  resolveOptions<NetworkOptionNames>('createNetwork', options, networkOptionNames);
  const { model, input, backend, seed = 0, variables } = options;
  expectBackend(backend, 'createNetwork');
  const shape = modelShape(model, batchedSpec(input, 1));
  const given = await withoutForeign<Readonly<Record<string, NdArray>> | undefined>(variables);
  if (given !== undefined) checkVariables(shape.specs, new Map(Object.entries(given)), 'The given set of variables');
  const store = await backend.createStore(given ?? fillVariables(shape.specs, seed));
  return new Network(shape, { model, input, seed, ownsStore: true }, { backend, store });
}

type NetworkOptionNames = { readonly [Name in keyof NetworkOptions]-?: unknown };

const networkOptionNames: NetworkOptionNames = {
  model: undefined,
  input: undefined,
  backend: undefined,
  seed: undefined,
  variables: undefined,
};

/** A network over variables that somebody else keeps (a trainer's), which may change place under it. */
export function networkOver(placement: Placement, options: { model: AnyLayer; input: InputSpec; seed: number }): Network {
  return new Network(modelShape(options.model, batchedSpec(options.input, 1)), { ...options, ownsStore: false }, placement);
}
