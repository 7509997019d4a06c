// What a batch means to a program: its inputs, the request for a program that takes it, checks.
import type { Backend, DType, NdArray, Program, Store, TensorSpec } from '@nn/core';
import { DataError, ShapeError, full, isNnError, sameShape, seedInput, sizeOf, specText, stepInput } from '@nn/core';
import type { Batch } from '@nn/data';
import { rowsInput } from '../programs/datasetVariables.ts';
import { weightsInput } from '../programs/objective.ts';
import { learningRateInput } from '../programs/trainingProgram.ts';
import { scheduledInput } from '../programs/updates.ts';
import type { BatchRequest } from './programCache.ts';
import type { DatasetRows } from './residentDataset.ts';

/** The numbers of a step that are inputs of its program. */
export interface StepNumbers {
  readonly seed: number;
  /** Counted from 1, without steps that were left out. */
  readonly step: number;
  readonly learningRate: number;
  /** What the optimizer's other schedules give, by name: of steps that train. */
  readonly scheduled?: Readonly<Record<string, number>>;
}

/** A batch on the host, or by its rows of a data set that may be on the device. */
export type GivenBatch = Batch | DatasetRows;

/** A batch as a program takes it. */
export interface PlacedBatch {
  readonly request: BatchRequest;
  readonly inputs: Readonly<Record<string, NdArray>>;
  /** Where its elements are, when they are not among the inputs. */
  readonly store?: Store;
}

/** Where the elements of a batch are for programs of that backend. @throws DataError for a batch without rows */
export async function placedOn(backend: Backend, given: GivenBatch): Promise<PlacedBatch> {
  if ('dataset' in given) {
    const { dataset, rows } = given;
    const store = await dataset.storeOn(backend);
    if (store !== undefined) return { request: dataset.requestFor(rows.length), inputs: { [rowsInput]: dataset.rowsInput(rows) }, store };
  }
  return placedOnHost(hostBatch(given));
}

/** The elements of a batch as inputs. @throws DataError for a batch without rows */
export function placedOnHost({ x, y, weights }: Batch): PlacedBatch {
  if (x.shape[0] === 0) throw new DataError(`A batch is empty: x is ${specText(x)}.`);
  return {
    request: { x: { shape: x.shape, dtype: x.dtype }, y: { shape: y.shape, dtype: y.dtype }, weighted: weights !== undefined },
    inputs: { x, y, ...(weights === undefined ? {} : { [weightsInput]: weights }) },
  };
}

/** Where a program finds its variables: the trainer's, and those of a data set. */
export function storesOf(variables: Store, { store }: PlacedBatch): readonly Store[] {
  return store === undefined ? [variables] : [variables, store];
}

/** The elements of a batch on the host. */
export function hostBatch(given: GivenBatch): Batch {
  return 'dataset' in given ? given.dataset.batchOf(given.rows) : given;
}

/** The scalars of steps as arrays, the same ones for every step: runs copy their inputs. */
export class ScalarInputs {
  readonly #arrays = new Map<string, NdArray>();

  /** The inputs that a program has, of which the scalars change when this is called again. */
  with(program: Program, { inputs }: PlacedBatch, { seed, step, learningRate, scheduled = {} }: StepNumbers): Record<string, NdArray> {
    // Seeds go up to 2³² − 1; the program gets the same bits.
    this.#set(seedInput, seed | 0, 'i32');
    this.#set(stepInput, step, 'i32');
    this.#set(learningRateInput, learningRate, 'f32');
    for (const name of Object.keys(scheduled)) this.#set(scheduledInput(name), scheduled[name]!, 'f32');
    const all: Record<string, NdArray> = {};
    for (const name of Object.keys(program.inputs)) all[name] = inputs[name] ?? this.#arrays.get(name)!;
    return all;
  }

  #set(name: string, value: number, dtype: DType): void {
    const array = this.#arrays.get(name);
    if (array === undefined) this.#arrays.set(name, full([], value, dtype));
    else array.data[0] = value;
  }
}

/** The inputs that a program has, in arrays of their own. */
export function inputsOf(program: Program, batch: PlacedBatch, numbers: StepNumbers): Record<string, NdArray> {
  return new ScalarInputs().with(program, batch, numbers);
}

export function rowsOf(given: GivenBatch): number {
  return 'dataset' in given ? given.rows.length : (given.x.shape[0] ?? 0);
}

/** @throws ShapeError for other samples than the model was made for */
export function expectSameInput(given: TensorSpec, expected: TensorSpec): void {
  if (given.dtype === expected.dtype && sameShape(given.shape, expected.shape)) return;
  const hint =
    sizeOf(given.shape) === sizeOf(expected.shape)
      ? ` The number of elements is right: reshape the samples to [${expected.shape.join(', ')}].`
      : '';
  throw new ShapeError(`The samples are ${specText(given)}, but this trainer's model takes ${specText(expected)}.${hint}`);
}

/** Says how bytes are scaled when a model refuses them. */
export function withHintForBytes<R>({ dtype }: TensorSpec, body: () => R): R {
  try {
    return body();
  } catch (error) {
    if (dtype === 'u8' && isNnError(error) && error.code === 'dtype.mismatch') {
      error.message += ' The samples are bytes: scale them, dataset({ x, y, scale: 1 / 255 }).';
    }
    throw error;
  }
}
