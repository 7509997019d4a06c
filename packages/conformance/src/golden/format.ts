// Golden files, format nn-golden/1: cases computed elsewhere to more digits than float32 holds, with the error that is allowed.
// The format is described in vectors/README.md; this file reads it and refuses what is none.
import type { DType, Shape } from '@nn/core';
import { FormatError, NdArray, shapeText, sizeOf } from '@nn/core';
import { NotYet } from './notYet.ts';

/** Values of an array as the file has them: exact decimal numbers, and names for those JSON does not have. */
export interface GoldenTensor {
  readonly shape: Shape;
  readonly data: readonly (number | NonFiniteName)[];
  /** Float where it is missing. */
  readonly dtype?: string;
}

export type NonFiniteName = 'NaN' | 'Infinity' | '-Infinity';

/** Arrays by name. */
export type GoldenTensors = Readonly<Record<string, GoldenTensor>>;

/** Allowed error of an element: atol + rtol · |expected|. */
export interface GoldenTolerance {
  readonly rtol: number;
  readonly atol: number;
}

/** Tolerances by name; `*` stands for every name. */
export type GoldenTolerances = Readonly<Record<string, GoldenTolerance>>;

/** Settings of a case: numbers, names and lists under the names that vectors/README.md explains. */
export type GoldenConfig = Readonly<Record<string, unknown>>;

/** One step of a case that keeps its state over several batches. */
export interface GoldenStep {
  readonly inputs: GoldenTensors;
  readonly outputs: GoldenTensors;
  readonly stateAfter?: GoldenTensors;
}

/** One case: what goes in, what must come out, how far it may be off. */
export interface GoldenCase {
  /** Unique over all files: `family/name`. */
  readonly id: string;
  readonly op: string;
  readonly config: GoldenConfig;
  readonly inputs: GoldenTensors;
  /** Of a node of an ONNX graph: the version of its operator set, and the names of what it takes and gives by position, `''` for none. */
  readonly opset?: number;
  readonly inputOrder?: readonly string[];
  readonly outputOrder?: readonly string[];
  /** dL/d(output), for L = Σ upstream · output. */
  readonly upstream?: GoldenTensors;
  readonly outputs?: GoldenTensors;
  /** dL/d(input) */
  readonly grads?: GoldenTensors;
  readonly stateBefore?: GoldenTensors;
  readonly stateAfter?: GoldenTensors;
  readonly steps?: readonly GoldenStep[];
  readonly firstGrads?: GoldenTensors;
  /** Parameters after a number of steps, by that number. */
  readonly paramsAfter?: Readonly<Record<string, GoldenTensors>>;
  /** By section: `outputs`, `grads`, `stateAfter`, … */
  readonly tol: Readonly<Record<string, GoldenTolerances>>;
  /** A second acceptable value per element of an output. */
  readonly alternatives?: GoldenTensors;
  readonly gradsAlternatives?: GoldenTensors;
  readonly note?: string;
}

/** A file of cases that belong together. */
export interface GoldenFile {
  readonly family: string;
  readonly cases: readonly GoldenCase[];
}

/** The `format` entry of golden files. */
export const goldenFormat = 'nn-golden/1';

/** Whether a parsed JSON file claims to be a golden file. */
export function isGoldenFile(content: unknown): boolean {
  return isRecord(content) && content['format'] === goldenFormat;
}

/**
 * Reads a golden file.
 * @param text the file's JSON @param name of the file, for messages
 * @throws FormatError naming the case and what is wrong with it
 */
export function parseGolden(text: string, name = 'The golden file'): GoldenFile {
  const content = parseJson(text, name);
  if (!isRecord(content) || content['format'] !== goldenFormat) {
    throw new FormatError(
      `${name} has the format ${JSON.stringify(isRecord(content) ? content['format'] : undefined)}; ${goldenFormat} is read.`,
    );
  }
  const { family, cases, count } = content;
  if (typeof family !== 'string' || !Array.isArray(cases)) throw new FormatError(`${name} has no family or no list of cases.`);
  if (count !== undefined && count !== cases.length) {
    throw new FormatError(`${name} announces ${JSON.stringify(count)} cases and has ${cases.length}: it was cut or edited.`);
  }
  return { family, cases: cases.map((entry: unknown, index) => checkedCase(entry, `${name}, case ${index}`)) };
}

/** JSON as text. @throws FormatError instead of a SyntaxError */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new FormatError(`${name} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, 'format.invalid', { cause });
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const tensorSections = [
  'inputs',
  'upstream',
  'outputs',
  'grads',
  'stateBefore',
  'stateAfter',
  'firstGrads',
  'alternatives',
  'gradsAlternatives',
];

function checkedCase(entry: unknown, place: string): GoldenCase {
  checkCase(entry, place);
  return entry;
}

function checkCase(entry: unknown, place: string): asserts entry is GoldenCase {
  if (!isRecord(entry)) throw new FormatError(`${place} is no record.`);
  const { id, op, config, tol } = entry;
  if (typeof id !== 'string' || typeof op !== 'string') throw new FormatError(`${place} needs an id and an op.`);
  if (!isRecord(config) || !isRecord(tol) || !isRecord(entry['inputs'])) throw new FormatError(`${id} needs config, inputs and tol.`);
  for (const section of tensorSections) {
    if (entry[section] !== undefined) checkTensors(entry[section], `${id}, ${section}`);
  }
  for (const [step, tensors] of Object.entries(isRecord(entry['paramsAfter']) ? entry['paramsAfter'] : {})) {
    checkTensors(tensors, `${id}, paramsAfter ${step}`);
  }
  for (const order of ['inputOrder', 'outputOrder']) {
    const names: unknown = entry[order];
    if (names === undefined) continue;
    if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
      throw new FormatError(`${id}: ${order} is no list of names.`);
  }
  if (entry['steps'] !== undefined && !Array.isArray(entry['steps'])) throw new FormatError(`${id}: its steps are no list.`);
  for (const [index, step] of ((entry['steps'] as unknown[] | undefined) ?? []).entries()) {
    if (!isRecord(step)) throw new FormatError(`${id}: step ${index} is no record.`);
    checkTensors(step['inputs'], `${id}, inputs of step ${index}`);
    checkTensors(step['outputs'], `${id}, outputs of step ${index}`);
    if (step['stateAfter'] !== undefined) checkTensors(step['stateAfter'], `${id}, stateAfter of step ${index}`);
  }
}

function checkTensors(section: unknown, place: string): void {
  if (!isRecord(section)) throw new FormatError(`${place}: a record of arrays is needed.`);
  for (const [name, tensor] of Object.entries(section)) {
    if (!isRecord(tensor) || !Array.isArray(tensor['shape']) || !Array.isArray(tensor['data'])) {
      throw new FormatError(`${place}: "${name}" needs a shape and data.`);
    }
    const shape = tensor['shape'] as number[];
    if (!isShape(shape)) throw new FormatError(`${place}: "${name}" has the shape ${JSON.stringify(shape)}, which no array has.`);
    if (sizeOf(shape) !== tensor['data'].length) {
      throw new FormatError(`${place}: "${name}" has ${tensor['data'].length} values for the shape ${shapeText(shape)}.`);
    }
  }
}

function isShape(extents: readonly unknown[]): boolean {
  const size = extents.reduce<number>((product, extent) => product * (Number.isInteger(extent) ? (extent as number) : -1), 1);
  return extents.every((extent) => typeof extent === 'number' && extent >= 0) && size >= 0 && size < 2 ** 31;
}

const nonFinite: Readonly<Record<NonFiniteName, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** The values of an array, in float64. @throws FormatError for text that is no number */
export function valuesOf(tensor: GoldenTensor): Float64Array {
  return Float64Array.from(tensor.data, (value) => {
    if (typeof value === 'number') return value;
    const named = nonFinite[value];
    if (named === undefined) throw new FormatError(`A golden array holds ${JSON.stringify(value)}, which is no number.`);
    return named;
  });
}

const dtypes: ReadonlyMap<string, DType> = new Map([
  ...['float32', 'float64', 'float16', 'bfloat16'].map((name) => [name, 'f32'] as const),
  ...['int8', 'int16', 'int32', 'int64', 'uint16'].map((name) => [name, 'i32'] as const),
  ['uint8', 'u8'],
  ['bool', 'bool'],
]);

/**
 * An input as a program takes it: every float as f32, every integer as i32 or u8, and bool.
 * @throws NotYet for another dtype, and for integers that i32 does not hold
 */
export function inputArray({ shape, data, dtype: name = 'float32' }: GoldenTensor): NdArray {
  const dtype = dtypes.get(name);
  if (dtype === undefined) throw new NotYet(`arrays of the dtype ${name}`);
  const values = valuesOf({ shape, data });
  switch (dtype) {
    case 'f32':
      return new NdArray(Float32Array.from(values), shape, dtype);
    case 'i32':
      if (values.some((value) => value !== Math.trunc(value) || Math.abs(value) > 2 ** 31 - 1)) throw new NotYet(`${name} beyond 32 bits`);
      return new NdArray(Int32Array.from(values), shape, dtype);
    case 'u8':
    case 'bool':
      return new NdArray(Uint8Array.from(values), shape, dtype);
  }
}

/** An array in the form of the files. */
export function goldenTensor({ shape, dtype, data }: NdArray): GoldenTensor {
  const numbers = Array.from(data, (value) => (Number.isFinite(value) ? value : (String(value) as NonFiniteName)));
  return { shape, data: numbers, ...(dtype === 'i32' ? { dtype: 'int32' } : {}) };
}
