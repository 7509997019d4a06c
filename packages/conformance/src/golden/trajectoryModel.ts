// The classifier of a trajectory, built from the settings of its case, and the names of its variables there and here.
import type { AnyLayer, Layer } from '@nn/core';
import { batchNorm, cumulative, dense, elu, ema, leakyRelu, relu, selu, sequential, sigmoid, tanh } from '@nn/layers';
import type { Settings } from './config.ts';
import { NotYet, flagSetting, nestedSettings, numberSetting, numbersSetting, textSetting } from './config.ts';
import type { GoldenCase } from './format.ts';

const activations: ReadonlyMap<string, () => Layer> = new Map(Object.entries({ relu, leakyRelu, elu, selu, sigmoid, tanh }));

const orders: ReadonlyMap<string, (norm: AnyLayer, activation: AnyLayer) => readonly AnyLayer[]> = new Map([
  ['dense->batchNorm->activation', (norm: AnyLayer, activation: AnyLayer) => [norm, activation]],
  ['dense->activation->batchNorm', (norm: AnyLayer, activation: AnyLayer) => [activation, norm]],
]);

/** Dense layers with an activation between them, and batch normalization where the case has it. @throws NotYet for what is missing here */
export function modelOf(golden: GoldenCase): Layer {
  const sizes = numbersSetting(golden, 'sizes').slice(1);
  const activation = knownEntry(activations, textSetting(golden, 'activation'));
  const bias = flagSetting(golden, 'hiddenBias');
  const hidden = sizes
    .slice(0, -1)
    .flatMap((units) => [dense(units, { bias }), ...afterDense(nestedSettings(golden, 'batchNorm'), activation())]);
  return sequential(...hidden, dense(sizes.at(-1)!));
}

function afterDense(norm: Settings | undefined, activation: AnyLayer): readonly AnyLayer[] {
  if (norm === undefined) return [activation];
  return knownEntry(orders, textSetting(norm, 'order', 'dense->batchNorm->activation'))(normOf(norm), activation);
}

function normOf(settings: Settings): AnyLayer {
  const unbiased = textSetting(settings, 'runningVar', 'unbiased') !== 'biased';
  const runningStatistics =
    settings.config['momentum'] === null ? cumulative({ unbiased }) : ema({ decay: 1 - numberSetting(settings, 'momentum'), unbiased });
  return batchNorm({ epsilon: numberSetting(settings, 'eps'), runningStatistics });
}

/** @throws NotYet for a name that is not there */
function knownEntry<Entry>(entries: ReadonlyMap<string, Entry>, name: string): Entry {
  const entry = entries.get(name);
  if (entry === undefined) throw new NotYet(name);
  return entry;
}

/** Names of variables within a layer, ours by theirs. */
const localNames: Readonly<Record<string, string>> = {
  W: 'kernel',
  b: 'bias',
  gamma: 'gamma',
  beta: 'beta',
  runningMean: 'runningMean',
  runningVar: 'runningVariance',
  numBatchesTracked: 'count',
};

const kinds: Readonly<Record<string, string>> = { dense: 'dense', bn: 'batchNorm' };

/** The path of a variable: `dense0.W` is `dense1/kernel`; undefined for what is no variable (`x3`). */
export function pathOf(name: string): string | undefined {
  const [, kind, ordinal, local] = /^(dense|bn)(\d+)\.(\w+)$/.exec(name) ?? [];
  return kind === undefined ? undefined : `${kinds[kind]}${Number(ordinal) + 1}/${localNames[local!]}`;
}
