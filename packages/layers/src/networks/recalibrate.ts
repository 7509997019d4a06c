// Recalibration: running statistics taken anew from data, with all parameters as they are.
import type {
  AnyLayer,
  Executable,
  InputSpec,
  Layer,
  NdArray,
  Network,
  HostInput,
  PredictInput,
  Structure,
  Value,
  VariableSpecs,
} from '@nn/core';
import {
  ConfigError,
  DataError,
  Session,
  batchedSpec,
  checkInteger,
  declareInputs,
  fillVariables,
  frozen,
  full,
  joinPath,
  mapLayers,
  modelShape,
  newTrace,
  resolveOptions,
  seedInput,
  stepInput,
  toBatch,
  walkLayers,
  withoutForeign,
} from '@nn/core';
import type { ChannelNormalizer } from '../normalization/channelNormalizer.ts';
import { isChannelNormalizer } from '../normalization/channelNormalizer.ts';
import { markedAs } from './chains.ts';
import { valuesOf } from './networkParts.ts';
import type { RunningStatistics } from '../runningStatistics/runningStatistics.ts';

export interface RecalibrateOptions {
  /** About how many rows moments are taken over at a time: default 128. */
  readonly batchSize?: number;
}

/**
 * Replaces the running statistics of a network by plain means over the batches of `x`, taken as training takes them: each normalization
 * normalizes with the moments of the batch. Everything else is as in inference (nothing is dropped), and parameters stay. For data that
 * come from elsewhere than those of the training, after weights were averaged, and for running statistics that are too young or too old.
 * The rows are shared out evenly, since all batches weigh alike. Source: lecture 002 (means and spreads of 25 batches, averaged for inference).
 *
 * @param x rows of inputs, as `predict` takes them
 * @throws ConfigError when no normalization remembers, when one cannot be averaged, and for one that is applied by a `block`; DataError
 * without rows; ShapeError for a single row
 */
export async function recalibrate(network: Network, x: Structure<PredictInput>, options: RecalibrateOptions = {}): Promise<void> {
  const { batchSize } = resolveOptions('recalibrate', options, { batchSize: 128 });
  checkInteger('recalibrate', 'batchSize', batchSize, { from: 2 });
  const averages = averagesOf(network.model, network.input);
  const batch = toBatch(network.input, await withoutForeign<Structure<HostInput>>(x));
  if (batch.rows === 0) throw new DataError('recalibrate: there are no rows to take statistics of.');
  const model = averagingModel(network.model);
  const { backend } = network;
  const store = await backend.createStore(await startingValues(network, model, averages));
  const compiled = new Map<number, Executable>();
  try {
    for (const [from, to] of ranges(batch.rows, batchSize)) {
      const executable = compiled.get(to - from) ?? (await backend.compile(averagingProgram(model, network.input, to - from)));
      compiled.set(to - from, executable);
      const rows = Array.from(batch.parts, ([name, part]) => [name, part.slice(from, to)] as const);
      await executable.run(store, inputsFor(executable, Object.fromEntries(rows), network.seed)).done;
    }
    const known = new Set(network.variables().map(({ path }) => path));
    const taken = [...averages.values()].flat().filter((path) => known.has(path));
    // All are read before one is written: what fails leaves the network as it was.
    const values = await Promise.all(taken.map((path) => store.read(path)));
    taken.forEach((path, index) => network.write(path, values[index]!));
  } finally {
    for (const executable of compiled.values()) await executable.dispose();
    await store.dispose();
  }
}

/** Paths of the buffers of the plain means, by the path of their normalization. @throws ConfigError where there are none */
function averagesOf(model: AnyLayer, input: InputSpec): ReadonlyMap<string, readonly string[]> {
  const { layers } = modelShape(model, batchedSpec(input, 1));
  const norms = Array.from(layers, ([path, { layer }]) => ({ path, layer })).filter(({ layer }) => isChannelNormalizer(layer));
  if (norms.length === 0) {
    throw new ConfigError('recalibrate: no layer of the network has running statistics, as batchNorm() has.');
  }
  const reachable = new Set(Array.from(walkLayers(model), ({ path }) => path));
  return new Map(
    norms.map(({ path, layer }) => {
      if (!reachable.has(path)) {
        throw new ConfigError(
          `recalibrate: "${path}" is applied by a block, which is code. Use sequential(), residual() or concatenate().`,
        );
      }
      const names = Object.keys(averageOf(layer as ChannelNormalizer, path).variables([1]));
      return [path, names.map((name) => joinPath(path, name))];
    }),
  );
}

function averageOf({ runningStatistics }: ChannelNormalizer, path: string): RunningStatistics {
  const average = runningStatistics.overAllBatches?.();
  if (average !== undefined) return average;
  throw new ConfigError(
    `recalibrate: the running statistics "${runningStatistics.kind}" of "${path}" have no overAllBatches(), a plain mean with the same buffers.`,
  );
}

/** The model with plain means in its normalizations, and frozen but for them. */
function averagingModel(model: AnyLayer): AnyLayer {
  return mapLayers(model, (layer, path) => {
    if (isChannelNormalizer(layer)) return markedAs({ ...layer, frozen: false }, layer.remembering(averageOf(layer, path)));
    // A container is as its layers are. What cannot be made again with other layers has no normalization that remembers.
    return layer.withChildren === undefined ? frozen(layer) : Object.freeze({ ...layer, frozen: false });
  });
}

/** The network's values, and the beginning of the means. */
async function startingValues(
  network: Network,
  model: AnyLayer,
  averages: ReadonlyMap<string, readonly string[]>,
): Promise<Record<string, NdArray>> {
  const begun = new Set([...averages.values()].flat());
  const { specs } = modelShape(model, batchedSpec(network.input, 1));
  const kept = [...specs.keys()].filter((path) => !begun.has(path));
  const beginning = new Map([...specs].filter(([path]) => begun.has(path)));
  return { ...fillVariables(beginning, 0), ...(await valuesOf(network, kept)) };
}

function averagingProgram(model: AnyLayer, input: InputSpec, rows: number): ReturnType<ReturnType<typeof newTrace>['finish']> {
  const trace = newTrace();
  const session = new Session(trace, { training: true });
  trace.run(() => session.apply('', model as Layer<VariableSpecs, Value, Value>, declareInputs(trace, batchedSpec(input, rows))));
  return trace.finish({});
}

function inputsFor({ program }: Executable, rows: Record<string, NdArray>, seed: number): Record<string, NdArray> {
  // For layers that are random in inference as well.
  const random = { [seedInput]: full([], seed | 0, 'i32'), [stepInput]: full([], 0, 'i32') };
  return Object.fromEntries(Object.entries({ ...rows, ...random }).filter(([name]) => name in program.inputs));
}

/** Ranges of two sizes at most, one apart; what would be a batch of a single row is none of its own. */
function* ranges(rows: number, size: number): Generator<readonly [from: number, to: number]> {
  const batches = Math.max(1, Math.floor(rows / size) + (rows % size > 1 ? 1 : 0));
  const start = (batch: number): number => Math.floor((batch * rows) / batches);
  for (let batch = 0; batch < batches; batch += 1) yield [start(batch), start(batch + 1)];
}
