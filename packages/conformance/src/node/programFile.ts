// A program with its arrays as JSON: what `--compare` reads, and how such a file is written.
import type { NdArray, Program } from '@nn/core';
import { FormatError, isNnError, ndarray, validate } from '@nn/core';
import type { ProgramArrays } from '../golden/execute.ts';
import { isRecord, parseJson } from '../golden/format.ts';
import { drawWith } from '../samples/arrays.ts';

/** A program as text. Arrays are `{ shape, dtype, data }`; numbers that JSON does not have are `{ "$number": "NaN" }`. */
export function writeProgram(program: Program, arrays: ProgramArrays): string {
  const encoded = (key: string, value: unknown): unknown => {
    if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
      return { $number: Object.is(value, -0) ? '-0' : String(value) };
    }
    return ArrayBuffer.isView(value) ? Array.from(value as NdArray['data']) : value;
  };
  return JSON.stringify({ program, inputs: arrays.inputs, variables: arrays.variables }, encoded, 1);
}

/**
 * Reads what {@link writeProgram} wrote. Inputs and variables of f32 that are left out are drawn at random; others are zero.
 * @throws FormatError for text that is no program
 */
export function readProgram(text: string, name: string): { readonly program: Program; readonly arrays: ProgramArrays } {
  const content = decoded(parseJson(text, name));
  if (!isRecord(content) || !isRecord(content['program'])) throw new FormatError(`${name} has no entry "program".`);
  const written = content['program'] as Record<string, unknown> & Program;
  try {
    const constants = Object.entries(written.constants ?? {}).map(([slot, value]) => [slot, arrayOf(value, `constant %${slot}`)]);
    const program: Program = { ...written, constants: Object.fromEntries(constants) as Program['constants'] };
    validate(program);
    const fill = (section: unknown, slots: Readonly<Record<string, number>>): Record<string, NdArray> =>
      Object.fromEntries(
        Object.entries(slots).map(([array, slot]) => {
          const given = isRecord(section) ? section[array] : undefined;
          const { shape, dtype } = program.slots[slot]!;
          if (given !== undefined) return [array, arrayOf(given, array)];
          return [array, dtype === 'f32' ? drawWith(1).normal(array, shape) : ndarray(new Int32Array(size(shape)), { shape, dtype })];
        }),
      );
    const read = Object.fromEntries(Object.entries(program.variables).map(([variable, { read: slot }]) => [variable, slot]));
    return { program, arrays: { inputs: fill(content['inputs'], program.inputs), variables: fill(content['variables'], read) } };
  } catch (cause) {
    if (isNnError(cause)) throw cause;
    throw new FormatError(`${name} is no program: ${cause instanceof Error ? cause.message : String(cause)}`, 'format.invalid', { cause });
  }
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

function arrayOf(value: unknown, what: string): NdArray {
  if (!isRecord(value) || !Array.isArray(value['data']) || !Array.isArray(value['shape'])) {
    throw new FormatError(`${what} needs shape, dtype and data.`);
  }
  const { data, shape, dtype } = value as { data: number[]; shape: number[]; dtype?: NdArray['dtype'] };
  const wanted = dtype ?? 'f32';
  const typed = { f32: Float32Array, i32: Int32Array, u8: Uint8Array, bool: Uint8Array }[wanted].from(data);
  return ndarray(typed, { shape, dtype: wanted });
}

/** `{ "$number": "NaN" }` as the number. */
function decoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decoded);
  if (!isRecord(value)) return value;
  if (typeof value['$number'] === 'string') return Number(value['$number']);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, decoded(entry)]));
}
