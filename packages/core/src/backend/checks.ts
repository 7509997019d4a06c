// What a run, a store and a write are given, checked before anything reaches a device.
import type { TensorSpec } from '../array/dtype.ts';
import { specText } from '../array/dtype.ts';
import type { NdArray } from '../array/ndarray.ts';
import { expectSameSpec } from '../array/expectSpec.ts';
import { sizeOf } from '../array/shape.ts';
import { ConfigError, DataError } from '../errors/errors.ts';
import { valueText } from '../errors/options.ts';
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
  expectSameSpec(array, spec, what, expectation);
}

/** @throws ConfigError unless `array` is a host array, DataError when its buffer was transferred away */
export function expectArray(array: NdArray, what: string): void {
  const given: Partial<NdArray> | null | undefined = array;
  if (given?.shape === undefined || given.dtype === undefined || !ArrayBuffer.isView(given.data)) {
    throw new ConfigError(`${what} is ${valueText(given)}, but an NdArray is needed: ndarray(values, { shape }) makes one.`);
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
    expectSameSpec(spec, program.slots[read]!, `Variable "${name}" of the store`, 'the program uses it as');
  }
}

/** An error about a name that does not exist, whatever was given as one, with the nearest one and the first few. */
export function unknownName(message: string, name: unknown, known: Iterable<string>, listTitle: string): ConfigError {
  const names = [...known];
  const list = names.length === 0 ? '' : ` ${listTitle} ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}.`;
  return new ConfigError(`${message}.${didYouMean(String(name), names)}${list}`, 'config.unknown');
}
