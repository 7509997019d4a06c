// How the values inside of a network spread while it is trained, measured on the same images all along.
import type { Callback, Dataset, NdArray, Network, Trainer } from '@nn/kit';
import { activations, namesOf } from '../settings/choices.ts';

/** Of one hidden layer, behind its activation, over the images looked at. */
export interface LayerFigures {
  /** Path of the layer: `relu1`. */
  readonly path: string;
  readonly mean: number;
  readonly deviation: number;
  /** Part of the units (or channels) that give the same value whatever the image: ReLUs that are never active, sigmoids that are saturated. */
  readonly dead: number;
}

/** A row of metrics.jsonl. */
export interface LayerRow {
  readonly type: 'layers';
  /** Epochs done, with parts of one. */
  readonly epochs: number;
  readonly layers: readonly LayerFigures[];
}

const images = 500;
/** Times a run is looked at, beside its start. */
const looks = 24;

export interface Watch {
  /** The first of them are looked at. */
  readonly data: Dataset;
  /** Steps of an epoch, and epochs of the run. */
  readonly batches: number;
  readonly epochs: number;
  /** Keeps a row. */
  readonly append: (row: LayerRow) => Promise<void>;
}

/** Looks at the hidden layers before the first step and about two dozen times in the run. */
export function watchLayers(trainer: Trainer, { data, batches, epochs, append }: Watch): Callback {
  const { network } = trainer;
  const paths = activationPaths(network);
  const { x } = data.take(Math.min(images, data.size));
  const every = Math.max(1, Math.floor((batches * epochs) / looks));
  const look = async (step: number): Promise<void> => {
    const values = await network.activations(x, paths);
    await append({ type: 'layers', epochs: step / batches, layers: paths.map((path) => ({ path, ...figuresOf(values[path]!) })) });
  };
  return async (event) => {
    // After what is done before the first step.
    if (event.type === 'epochStart' && event.epoch === 1) await look(0);
    if (event.type === 'step' && (event.step % every === 0 || isEarly(event.step, every))) await look(event.step);
  };
}

/** Most happens in the first steps: those that are powers of two are looked at as well. */
function isEarly(step: number, every: number): boolean {
  return step < every && Number.isInteger(Math.log2(step));
}

/** Paths of the activations of the hidden layers, in order. */
function activationPaths(network: Network): readonly string[] {
  const kinds: readonly string[] = namesOf(activations);
  return Object.entries(network.model.children ?? {}).flatMap(([name, { kind }]) => (kinds.includes(kind) ? [name] : []));
}

/** @param values [images, …, units] */
export function figuresOf({ data, shape }: NdArray): Omit<LayerFigures, 'path'> {
  const units = shape.at(-1) ?? 1;
  let sum = 0;
  for (const value of data) sum += value;
  const mean = sum / data.length;
  let squares = 0;
  const constant = Array.from({ length: units }, () => true);
  for (let index = 0; index < data.length; index++) {
    squares += (data[index]! - mean) ** 2;
    if (data[index] !== data[index % units]) constant[index % units] = false;
  }
  return { mean, deviation: Math.sqrt(squares / data.length), dead: constant.filter(Boolean).length / units };
}
