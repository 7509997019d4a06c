// The CPU backend next to the reference: one call of an op, or a whole function, on both.
import { fillUniform, NdArray, sizeOf, streamKey, trace } from '@nn/core';
import type { Attrs, Backend, DType, Program, Shape, TypedArray } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import fc from 'fast-check';
import { expect } from 'vitest';
import { cpuBackend } from '../cpuBackend.ts';

export const reference = referenceBackend();
export const cpu = await cpuBackend();

/** How far apart results may be: `relative` of the expected value plus `absolute`, per element of `scale` where that is given. */
export interface Closeness {
  readonly relative?: number;
  readonly absolute?: number;
  /** Magnitudes that rounding errors go with, such as the sum of the magnitudes of the terms. */
  readonly scale?: NdArray;
}

/** One call of an op as a program; outputs are named by their position. */
export function programOf(op: string, attrs: object, inputs: readonly NdArray[]): Program {
  const specs = Object.fromEntries(inputs.map(({ shape, dtype }, index) => [String(index), { shape, dtype }]));
  return trace(specs, (tensors, recording) => {
    const outputs = recording.record(
      op,
      attrs as Attrs,
      inputs.map((_, index) => tensors[String(index)]!),
    );
    return Object.fromEntries(outputs.map((output, index) => [String(index), output]));
  });
}

/** The outputs of one call of an op on a backend. */
export async function call(backend: Backend, op: string, attrs: object, inputs: readonly NdArray[]): Promise<NdArray[]> {
  const program = programOf(op, attrs, inputs);
  const executable = await backend.compile(program);
  const outputs = executable.run(await backend.createStore({}), Object.fromEntries(inputs.map((input, index) => [String(index), input])));
  const results = await Promise.all(Object.keys(program.outputs).map((name) => outputs.read(name)));
  await executable.dispose();
  return results;
}

/** Runs one call of an op on both backends and expects the same, to the given closeness (the same values by default). */
export async function expectAgreement(op: string, attrs: object, inputs: readonly NdArray[], closeness: Closeness = {}): Promise<void> {
  const [expected, actual] = await Promise.all([call(reference, op, attrs, inputs), call(cpu, op, attrs, inputs)]);
  expected.forEach((array, index) => expectClose(actual[index]!, array, closeness));
}

/** Shapes and dtypes equal, NaN only for NaN, infinities only for themselves, the rest close. */
export function expectClose(actual: NdArray, expected: NdArray, { relative = 0, absolute = 0, scale }: Closeness = {}): void {
  expect([actual.dtype, ...actual.shape]).toEqual([expected.dtype, ...expected.shape]);
  expected.data.forEach((value, index) => {
    const found = actual.data[index]!;
    const rounded = expected.dtype === 'f32' ? Math.fround(value) : value;
    if (Object.is(found, rounded) || found === rounded) return;
    const allowed = absolute + relative * (scale === undefined ? Math.abs(value) : scale.data[index]!);
    if (!(Math.abs(found - value) <= allowed)) {
      expect.fail(`element ${index} of ${actual.shape.join('×')} is ${found}, but ${value} is right (allowed: ${allowed})`);
    }
  });
}

/** The same array with magnitudes in place of values. */
export function magnitudes(array: NdArray): NdArray {
  return new NdArray(array.data.map(Math.abs), array.shape, array.dtype);
}

const special = [Number.NaN, Infinity, -Infinity, 0, -0, 1e-40, 3e38];

/** Values of a seed: for f32 between −2 and 2, with `specials` one in eight a NaN, an infinity, a zero, something tiny or huge. */
export function arrayOf(shape: Shape, dtype: DType, seed: number, specials = false): NdArray {
  const uniform = new Float32Array(2 * sizeOf(shape));
  fillUniform(streamKey(seed, 'values', 0, 0), uniform);
  const convert: Readonly<Record<DType, (u: number, pick: number) => number>> = {
    f32: (u, pick) => (specials && pick < 0.125 ? special[Math.floor(pick * 8 * special.length)]! : 4 * u - 2),
    i32: (u) => Math.floor(u * 2 ** 32) - 2 ** 31,
    u8: (u) => Math.floor(u * 256),
    bool: (u) => Number(u < 0.5),
  };
  const storage: Readonly<Record<DType, (length: number) => TypedArray>> = {
    f32: (length) => new Float32Array(length),
    i32: (length) => new Int32Array(length),
    u8: (length) => new Uint8Array(length),
    bool: (length) => new Uint8Array(length),
  };
  const data = storage[dtype](sizeOf(shape));
  for (let index = 0; index < data.length; index++) data[index] = convert[dtype](uniform[2 * index]!, uniform[2 * index + 1]!);
  return new NdArray(data, shape, dtype);
}

/** Class indices or row numbers from −1 to `extent`, both out of range. */
export function indicesOf(count: number, extent: number, seed: number): NdArray {
  const uniform = new Float32Array(count);
  fillUniform(streamKey(seed, 'indices', 0, 0), uniform);
  return new NdArray(
    Int32Array.from(uniform, (u) => Math.floor(u * (extent + 2)) - 1),
    [count],
    'i32',
  );
}

export const seeds = fc.nat(1_000_000);
export const dtypes = fc.constantFrom<DType>('f32', 'i32', 'u8', 'bool');
/** Extents around the tiles and blocks of the kernels, 0 and 1 among them. */
export const extents = fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 8, 13);
export const shapes = (minRank: number, maxRank: number): fc.Arbitrary<number[]> =>
  fc.array(extents, { minLength: minRank, maxLength: maxRank });
/** Some of the axes of an array, sorted. */
export const someAxes = (rank: number): fc.Arbitrary<number[]> => fc.subarray(Array.from({ length: rank }, (_, axis) => axis));
