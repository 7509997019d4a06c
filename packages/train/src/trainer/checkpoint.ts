// Checkpoints: everything that training goes on from, as one safetensors file.
import type { NdArray, NestedNumbers, TensorSpec, VariableSpec } from '@nn/core';
import { FormatError, checkVariables, decodeSafetensors, encodeSafetensors, isNnError, ndarray, sizeOf } from '@nn/core';
import { checksum } from './checksum.ts';
import type { Snapshot } from './engine.ts';
import type { TrainingState } from './state.ts';

/** What a checkpoint holds beside the variables, as JSON in the metadata of the file. */
interface Header {
  readonly version: 1;
  /** One sample of the model's input. */
  readonly input: TensorSpec;
  readonly state: TrainingState;
  /** Of the variables' elements. */
  readonly checksum: string;
}

/** A checkpoint that was read. */
export interface Checkpoint extends Snapshot {
  readonly input: TensorSpec;
}

const metadataKey = 'nn.checkpoint';

export function encodeCheckpoint({ input, state, variables }: Checkpoint): Uint8Array {
  const header: Header = { version: 1, input, state, checksum: checksum(Object.entries(variables)) };
  return encodeSafetensors(variables, { format: 'nn', [metadataKey]: JSON.stringify(header) });
}

/** @throws FormatError for a file that is none, is damaged, or is not a checkpoint of a version that is known here */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const header = parseHeader(metadata.get(metadataKey));
  const variables = Object.fromEntries(tensors);
  if (checksum(tensors) !== header.checksum) {
    throw new FormatError('The checkpoint is damaged: the checksum of its variables is not the one it was written with.');
  }
  return { input: header.input, state: header.state, variables };
}

/** @throws FormatError listing every variable that is missing, extra or of another shape or dtype */
export function expectVariables(specs: ReadonlyMap<string, VariableSpec>, { variables }: Checkpoint): void {
  checkVariables(specs, new Map(Object.entries(variables)), 'The checkpoint');
}

/** Paths of variables that hold a NaN or an infinity. */
export function nonFiniteVariables(variables: Readonly<Record<string, NdArray>>): string[] {
  const finite = ({ dtype, data }: NdArray): boolean => dtype !== 'f32' || data.every((value) => Number.isFinite(value));
  return Object.entries(variables).flatMap(([path, array]) => (finite(array) ? [] : [path]));
}

function parseHeader(text: string | undefined): Header {
  if (text === undefined) {
    throw new FormatError(
      'This safetensors file is not a checkpoint: it has no training state. Weights alone are read by network.loadSafetensors.',
    );
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new FormatError('The training state of the checkpoint is not JSON.', 'format.invalid', { cause });
  }
  const version = field(parsed, 'version');
  if (version !== 1) throw new FormatError(`The checkpoint has the version ${String(version)}; this release reads version 1.`);
  if (!isHeader(parsed)) throw new FormatError('The training state of the checkpoint is incomplete or has values of the wrong kind.');
  return parsed;
}

function isHeader(value: unknown): value is Header {
  const state = field(value, 'state');
  return (
    isCount(field(state, 'seed')) &&
    isCount(field(state, 'step')) &&
    isCount(field(state, 'epoch')) &&
    isPartOf(field(state, 'skipped'), field(state, 'step')) &&
    ['undefined', 'boolean'].includes(typeof field(state, 'prepared')) &&
    isFactor(field(state, 'learningRateFactor')) &&
    isProgress(field(state, 'progress')) &&
    isInput(field(value, 'input')) &&
    typeof field(value, 'checksum') === 'string'
  );
}

function isProgress(value: unknown): boolean {
  if (value === undefined) return true;
  const [plan, figures] = [field(value, 'plan'), field(value, 'figures')];
  const metrics = field(figures, 'metrics');
  return (
    isCount(field(value, 'batches')) &&
    typeof field(value, 'seconds') === 'number' &&
    typeof plan === 'object' &&
    isCount(field(figures, 'rows')) &&
    typeof field(figures, 'loss') === 'number' &&
    typeof metrics === 'object' &&
    Object.values(metrics ?? {}).every(isSum)
  );
}

/** A sum of a metric: a number, or an array of them. */
function isSum(value: unknown): boolean {
  return typeof value === 'number' || (Array.isArray(value) && isThat(() => ndarray(value as NestedNumbers, { dtype: 'f32' })));
}

function isInput(value: unknown): value is TensorSpec {
  const [shape, dtype] = [field(value, 'shape'), field(value, 'dtype')];
  if (!Array.isArray(shape) || !['f32', 'i32', 'u8', 'bool'].includes(String(dtype))) return false;
  return isThat(() => sizeOf(shape as number[]));
}

/** Whether a value is taken for what `use` uses it as. */
function isThat(use: () => unknown): boolean {
  try {
    use();
    return true;
  } catch (error) {
    if (isNnError(error)) return false;
    throw error;
  }
}

function isFactor(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && Number.isFinite(value) && value >= 0);
}

/** A count of some of those steps, or none. */
function isPartOf(value: unknown, steps: unknown): boolean {
  return value === undefined || (isCount(value) && (value as number) <= (steps as number));
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}
