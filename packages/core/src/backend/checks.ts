// What a run, a store and a write are given, checked before anything reaches a device.
import type { TensorSpec } from '../array/dtype.ts';
import { specText } from '../array/dtype.ts';
import type { NdArray } from '../array/ndarray.ts';
import { sameShape, sizeOf } from '../array/shape.ts';
import { ConfigError, DataError, DTypeError, ShapeError } from '../errors/errors.ts';
import { didYouMean } from '../errors/suggest.ts';
import type { Program } from '../program/program.ts';

/**
 * Checks one array against what is declared.
 * @param what names the array in messages: `'Input "x"'`
 * @param expectation what declared it: `'the program takes'`
 * @throws ConfigError for something that is no array, ShapeError, DTypeError, and DataError for an array whose buffer was transferred
 */
export function expectSpec(array: NdArray, spec: TensorSpec, what: string, expectation: string): void {
  expectArray(array, what);
  if (!sameShape(array.shape, spec.shape)) {
    throw new ShapeError(`${what} is ${specText(array)}, but ${expectation} ${specText(spec)}.${missingAxisHint(array, spec)}`);
  }
  if (array.dtype !== spec.dtype) {
    throw new DTypeError(`${what} is ${specText(array)}, but ${expectation} ${specText(spec)}. Nothing is cast silently.`);
  }
}

/** @throws ConfigError unless `array` is a host array, DataError when its buffer was transferred away */
export function expectArray(array: NdArray, what: string): void {
  const given: Partial<NdArray> | null | undefined = array;
  if (given?.shape === undefined || given.dtype === undefined || !ArrayBuffer.isView(given.data)) {
    const name = typeof given === 'object' && given !== null ? given.constructor.name : String(given);
    throw new ConfigError(`${what} is ${name}, but an NdArray is needed: ndarray(values, { shape }) makes one.`);
  }
  if (given.data.length !== sizeOf(given.shape)) {
    throw new DataError(
      `${what} is ${specText(array)} but holds ${given.data.length} elements: its buffer was transferred, for example to a worker.`,
    );
  }
}

/** @throws ConfigError when an input is missing or unknown; the errors of {@link expectSpec} */
export function checkInputs(program: Program, inputs: Readonly<Record<string, NdArray>>): void {
  for (const name of Object.keys(inputs)) {
    if (!Object.hasOwn(program.inputs, name)) {
      throw unknownName(`The program has no input "${name}"`, name, Object.keys(program.inputs), 'Its inputs are');
    }
  }
  for (const name of Object.keys(program.inputs)) {
    if (!Object.hasOwn(inputs, name)) throw new ConfigError(`The program's input "${name}" was not given.`);
    expectSpec(inputs[name]!, program.slots[program.inputs[name]!]!, `Input "${name}"`, 'the program was compiled for');
  }
}

/** @throws ConfigError when the store lacks a variable of the program; the errors of {@link expectSpec} */
export function checkVariables(program: Program, held: ReadonlyMap<string, TensorSpec>): void {
  for (const [name, { read }] of Object.entries(program.variables)) {
    const spec = held.get(name);
    if (spec === undefined) throw unknownName(`The store has no variable "${name}", which the program uses`, name, held.keys(), 'It has');
    const expected = program.slots[read]!;
    const what = `Variable "${name}" of the store is ${specText(spec)}, but the program uses it as ${specText(expected)}.`;
    if (!sameShape(spec.shape, expected.shape)) throw new ShapeError(what);
    if (spec.dtype !== expected.dtype) throw new DTypeError(what);
  }
}

/** An error about a name that does not exist, with the nearest one and the first few. */
export function unknownName(message: string, name: string, known: Iterable<string>, listTitle: string): ConfigError {
  const names = [...known];
  const list = names.length === 0 ? '' : ` ${listTitle} ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}.`;
  return new ConfigError(`${message}.${didYouMean(name, names)}${list}`, 'config.unknown');
}

function missingAxisHint(array: TensorSpec, spec: TensorSpec): string {
  if (array.shape.length + 1 !== spec.shape.length || !sameShape(array.shape, spec.shape.slice(1))) return '';
  return ` A batch needs an axis in front: reshape([1, ${array.shape.join(', ')}]).`;
}
