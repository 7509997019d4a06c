// A data set in memory that is put into a store of the device once, for as long as it is gone through: batches are then gathered where
// they are computed with, and a step is told no more than their rows.
import type { Backend, NdArray, Store, TensorSpec, Warning } from '@nn/core';
import { NdArray as HostArray, bytesPerElement, isNnError } from '@nn/core';
import type { Batch, BatchOptions, BatchSource, HeldRows } from '@nn/data';
import { Dataset, heldArray } from '@nn/data';
import type { DatasetVariables } from '../programs/datasetVariables.ts';
import { datasetPath } from '../programs/datasetVariables.ts';
import type { BatchRequest, ProgramRequest } from './programCache.ts';
import { withRows } from './rows.ts';

/** Some rows of a data set. */
export interface DatasetRows {
  readonly dataset: ResidentDataset;
  readonly rows: Int32Array;
}

/** What a step is given to go through. */
export type PassSource = BatchSource | ResidentDataset;

/** Something for each part of a data set. */
type OfParts<T> = { readonly x: T; readonly y: T; readonly weights?: T };

type Parts = OfParts<HeldRows>;

/** A program of its own is compiled for every data set: for fewer batches than so many it is not worth it. */
const fewestBatches = 32;
/** Arrays of which more than so many times the rows that are used would be held are cut to these. */
const mostUnused = 2;

export class ResidentDataset {
  /** Its arrays as variables of programs. */
  readonly variables: DatasetVariables;
  readonly #source: Dataset;
  /** Their rows are in one order. */
  readonly #parts: Parts;
  /** The backend it was put on last; no store where there was no room. */
  #place: { readonly backend: Backend; readonly store: Store | undefined } | undefined;
  /** Per number of rows, see `requestFor`. */
  readonly #requests = new Map<number, BatchRequest>();
  /** The rows of a batch in the arrays, by their number; written anew for each. */
  readonly #rows = new Map<number, NdArray>();

  private constructor(source: Dataset, parts: Parts) {
    this.#source = source;
    this.#parts = parts;
    this.variables = mapParts(parts, ({ array: { shape, dtype }, scale }) => ({
      spec: { shape, dtype },
      ...(scale === undefined ? {} : { scale }),
    }));
  }

  /** Undefined for what is no data set in memory, computes its samples when they are read, or is too large for a backend. */
  static of(source: BatchSource, backend: Backend): ResidentDataset | undefined {
    const parts = source instanceof Dataset ? heldParts(source) : undefined;
    // Before anything is copied into one order.
    if (
      parts === undefined ||
      !hasRoom(
        backend,
        mapParts(parts, (part) => withRows(part.array, source.size!)),
      )
    )
      return undefined;
    return new ResidentDataset(source as Dataset, inOneOrder(parts));
  }

  get size(): number {
    return this.#source.size;
  }

  /** As of `Dataset.batches`. */
  *batches(options?: BatchOptions): Iterable<DatasetRows> {
    for (const rows of this.#source.rowsOfBatches(options)) yield { dataset: this, rows };
  }

  /** The rows as arrays on the host. */
  batchOf(rows: Int32Array): Batch {
    const { x, y, weights } = this.#source;
    return { x: x.gather(rows), y: y.gather(rows), ...(weights === undefined ? {} : { weights: weights.gather(rows) }) };
  }

  /** The program for batches of so many rows; the same object each time. */
  requestFor(rows: number): BatchRequest {
    const known = this.#requests.get(rows);
    if (known !== undefined) return known;
    const { x, y, weights } = this.#source;
    const request = { x: withRows(x, rows), y: withRows(y, rows), weighted: weights !== undefined, dataset: this.variables };
    this.#requests.set(rows, request);
    return request;
  }

  /** The input `rows` of a program for a batch; what was given before changes. */
  rowsInput(rows: Int32Array): NdArray {
    let array = this.#rows.get(rows.length);
    if (array === undefined) this.#rows.set(rows.length, (array = new HostArray(new Int32Array(rows.length), [rows.length], 'i32')));
    const { rows: places } = this.#parts.x;
    for (let index = 0; index < rows.length; index++) array.data[index] = places === undefined ? rows[index]! : places[rows[index]!]!;
    return array;
  }

  /** The store that holds it on a backend, or undefined where there is no room. It leaves the one it was on before. */
  async storeOn(backend: Backend): Promise<Store | undefined> {
    if (this.#place?.backend !== backend) await this.#move(backend);
    return this.#place!.store;
  }

  /** Puts it on a backend. @returns a warning when that has said that it has room, and has none */
  async placeOn(backend: Backend): Promise<Warning | undefined> {
    if ((await this.storeOn(backend)) !== undefined || !holds(backend, this.variables)) return undefined;
    const message = `The data set has no room on the backend "${backend.name}"; every batch is copied there when its turn comes.`;
    return { code: 'train.dataset-on-host', message };
  }

  /** Frees the store. */
  async release(): Promise<void> {
    const place = this.#place;
    this.#place = undefined;
    await place?.store?.dispose();
  }

  async #move(backend: Backend): Promise<void> {
    await this.release();
    const store = holds(backend, this.variables) ? await this.#storeOf(backend) : undefined;
    this.#place = { backend, store };
  }

  async #storeOf(backend: Backend): Promise<Store | undefined> {
    const arrays = Object.entries(this.#parts).map(([part, { array }]) => [datasetPath(part as keyof Parts), array] as const);
    try {
      return await backend.createStore(Object.fromEntries(arrays));
    } catch (error) {
      if (isNnError(error) && error.code === 'backend.out-of-memory') return undefined;
      throw error;
    }
  }
}

/**
 * Lets `body` go through data where they are on the device, if they can be and it is worth it.
 * @param use backend: where to. batches: how many it will take from the data, undefined if they do not tell. warn: hears when there should be room and is none
 */
export async function whileResident<R>(
  source: BatchSource,
  use: { readonly backend: Backend; readonly batches: number | undefined; readonly warn: (warning: Warning) => Promise<void> },
  body: (source: PassSource) => Promise<R>,
): Promise<R> {
  const { backend, batches = 0, warn } = use;
  const resident = batches < fewestBatches ? undefined : ResidentDataset.of(source, backend);
  if (resident === undefined) return body(source);
  try {
    const warning = await resident.placeOn(backend);
    if (warning !== undefined) await warn(warning);
    return await body(resident);
  } finally {
    await resident.release();
  }
}

/** The same request where a backend holds its data set, else that for batches from the host. */
export function requestOn(backend: Backend, request: ProgramRequest): ProgramRequest {
  const { dataset, ...fromHost } = request;
  return dataset === undefined || holds(backend, dataset) ? request : fromHost;
}

function holds(backend: Backend, variables: DatasetVariables): boolean {
  return hasRoom(
    backend,
    mapParts(variables, ({ spec }) => spec),
  );
}

function hasRoom({ capabilities: { datasetBytes = 0 } }: Backend, { x, y, weights }: OfParts<TensorSpec>): boolean {
  const bytesOf = (spec: TensorSpec | undefined): number =>
    spec === undefined ? 0 : spec.shape.reduce((size, extent) => size * extent, bytesPerElement(spec.dtype));
  return bytesOf(x) + bytesOf(y) + bytesOf(weights) <= datasetBytes;
}

function heldParts({ x, y, weights, augmentation }: Dataset): Parts | undefined {
  if (augmentation !== undefined || x.held === undefined || y.held === undefined) return undefined;
  if (weights === undefined) return { x: x.held, y: y.held };
  return weights.held && { x: x.held, y: y.held, weights: weights.held };
}

/** Parts whose samples are the same rows of their arrays, and of not much more than these. */
function inOneOrder(parts: Parts): Parts {
  const { array, rows } = parts.x;
  const isShort = rows !== undefined && array.shape[0]! > mostUnused * rows.length;
  const isOne = Object.values<HeldRows>(parts).every((part) => part.array.shape[0] === array.shape[0] && sameRows(part.rows, rows));
  if (isOne && !isShort) return parts;
  return mapParts(parts, (part) => ({ array: heldArray(part), ...(part.scale === undefined ? {} : { scale: part.scale }) }));
}

function sameRows(a: Int32Array | undefined, b: Int32Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((row, index) => row === b[index]);
}

function mapParts<From, To>({ x, y, weights }: OfParts<From>, change: (part: From) => To): OfParts<To> {
  return { x: change(x), y: change(y), ...(weights === undefined ? {} : { weights: change(weights) }) };
}
