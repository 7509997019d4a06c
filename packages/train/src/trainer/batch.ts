// What a batch means to a program: its inputs, the request for a program that takes it, checks.
import type { NdArray, Program, TensorSpec } from '@nn/core';
import { DataError, ShapeError, full, isNnError, sameShape, seedInput, sizeOf, specText, stepInput } from '@nn/core';
import type { Batch } from '@nn/data';
import { weightsInput } from '../programs/objective.ts';
import { learningRateInput } from '../programs/trainingProgram.ts';
import type { ProgramRequest } from './programCache.ts';

/** The numbers of a step that are inputs of its program. */
export interface StepNumbers {
  readonly seed: number;
  readonly step: number;
  readonly learningRate: number;
}

/** The inputs that a program has. */
export function inputsOf(program: Program, { x, y, weights }: Batch, { seed, step, learningRate }: StepNumbers): Record<string, NdArray> {
  const all: Readonly<Record<string, NdArray>> = {
    x,
    y,
    ...(weights === undefined ? {} : { [weightsInput]: weights }),
    // Seeds go up to 2³² − 1; the program gets the same bits.
    [seedInput]: full([], seed | 0, 'i32'),
    [stepInput]: full([], step, 'i32'),
    [learningRateInput]: full([], learningRate),
  };
  return Object.fromEntries(Object.keys(program.inputs).map((name) => [name, all[name]!]));
}

/** @throws DataError for a batch without rows */
export function requestFor(purpose: ProgramRequest['purpose'], { x, y, weights }: Batch): ProgramRequest {
  if (x.shape[0] === 0) throw new DataError(`A batch is empty: x is ${specText(x)}.`);
  return { purpose, x: { shape: x.shape, dtype: x.dtype }, y: { shape: y.shape, dtype: y.dtype }, weighted: weights !== undefined };
}

export function rowsOf({ x }: Batch): number {
  return x.shape[0] ?? 0;
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
