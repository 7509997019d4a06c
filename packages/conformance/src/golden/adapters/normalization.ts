// Normalization through its layers, or through the op `normalize` where a case has what the layers refuse or do without.
import type { Layer, NdArray, Tensor } from '@nn/core';
import { FormatError, cast, constant, full, normalize, reshape, shapeText, sizeOf } from '@nn/core';
import type { BatchNormOptions, RunningStatistics } from '@nn/layers';
import { batchNorm, cumulative, ema, groupNorm, instanceNorm, layerNorm, rmsNorm } from '@nn/layers';
import type { Adapter, NotKept, Recorded, Scope } from '../adapter.ts';
import { formula, realInput } from '../adapter.ts';
import { expectSetting, flagSetting, numberSetting, numbersSetting, textSetting } from '../config.ts';
import type { GoldenCase } from '../format.ts';
import { goldenTensor } from '../format.ts';

/** The axis of the channels in all layouts of the golden files: NC, NCL, NCHW, NCDHW. */
const channelAxis = 1;

/** A parameter of the case in a shape that stretches over x, or a constant where the case has none. */
function stretched(scope: Scope, name: string, shape: readonly number[], otherwise: number): Tensor {
  const parameter = scope.optionalInput(name);
  return parameter === undefined
    ? constant(
        full(
          shape.map(() => 1),
          otherwise,
        ),
      )
    : reshape(cast(parameter, 'f32'), shape);
}

/** [1, C, 1, …]: what a parameter per channel is reshaped to. */
function perChannel(x: Tensor): number[] {
  return x.shape.map((extent, axis) => (axis === channelAxis ? extent : 1));
}

/** γ x̂ + β with the statistics of the batch alone, by the op. */
function normalizedOver(scope: Scope, golden: GoldenCase, x: Tensor, axes: readonly number[], parameters: readonly number[]): Tensor {
  const [gamma, beta] = [stretched(scope, 'gamma', parameters, 1), stretched(scope, 'beta', parameters, 0)];
  return normalize(x, gamma, beta, { axes, epsilon: numberSetting(golden, 'eps') }).y;
}

function batchNormalization(scope: Scope, golden: GoldenCase): Recorded {
  const x = realInput(scope, 'x');
  const others = [...x.shape.keys()].filter((axis) => axis !== channelAxis);
  const ofBatch = (): Recorded => ({ outputs: { y: normalizedOver(scope, golden, x, others, perChannel(x)) } });
  // Without running statistics there is nothing that the layer adds to the op.
  return flagSetting(golden, 'trackRunningStats') ? tracked(scope, golden, { layer: batchNorm, others, ofBatch }) : ofBatch();
}

/** A layer of channels that remembers, by what normalizes with the moments of the data alone. */
interface TrackedNormalization {
  readonly layer: (
    options: Required<Pick<BatchNormOptions, 'epsilon' | 'channelAxis' | 'scale' | 'center' | 'runningStatistics'>>,
  ) => Layer;
  /** The axes that the moments are taken over. */
  readonly others: readonly number[];
  readonly ofBatch: () => Recorded;
}

/** Normalization with running statistics, in training or inference. */
function tracked(scope: Scope, golden: GoldenCase, { layer, others, ofBatch }: TrackedNormalization): Recorded {
  const x = realInput(scope, 'x');
  const training = flagSetting(golden, 'training');
  if (training && sizeOf(others.map((axis) => x.shape[axis]!)) === 1) {
    const state = Object.keys(golden.stateAfter ?? {}).map((name) => [name, refusesSingle] as const);
    return { ...ofBatch(), stateAfter: Object.fromEntries(state) };
  }
  const affine = flagSetting(golden, 'affine');
  const { momentum } = golden.config;
  const strategy = (unbiased: boolean): RunningStatistics =>
    momentum === null ? cumulative({ unbiased }) : ema({ decay: 1 - numberSetting(golden, 'momentum'), unbiased });
  // In a sequence the biased variance has a state of its own.
  const biasedState = Object.hasOwn(golden.stateBefore ?? {}, 'runningVarBiased') ? 'runningVarBiased' : 'runningVar';
  const apply = (path: string, unbiased: boolean): Tensor =>
    scope.apply(
      layer({
        epsilon: numberSetting(golden, 'eps'),
        channelAxis,
        scale: affine,
        center: affine,
        runningStatistics: strategy(unbiased),
      }),
      x,
      {
        path,
        training,
        variables: {
          ...(affine ? { gamma: 'gamma', beta: 'beta' } : {}),
          ...(momentum === null ? { count: 'numBatchesTracked' } : {}),
          runningMean: 'runningMean',
          runningVariance: unbiased ? 'runningVar' : biasedState,
        },
      },
    );
  const y = apply('norm', true);
  if (!training) return { outputs: { y } };
  // The biased running variance is another setting of the layer, so a second layer over the same data keeps it.
  apply('biased', false);
  const stateAfter = {
    runningMean: 'norm/runningMean',
    runningVar: 'norm/runningVariance',
    runningVarBiased: 'biased/runningVariance',
    numBatchesTracked: momentum === null ? 'norm/count' : needsNoCount,
  };
  return { outputs: { y }, stateAfter };
}

const refusesSingle: NotKept = { notKept: 'the layer refuses to train on a single value per channel; the op gives the limit' };

/** Of the files' count of batches. */
export const needsNoCount: NotKept = { notKept: 'an exponential moving average needs no count of batches' };

const batchNormalizationOnce = formula(batchNormalization);

/** Batch after batch through one layer, whose running statistics go on from each to the next. */
const batchNormalizationSequence: Adapter = async (golden, backend) => {
  const results = new Map<string, NdArray | NotKept>();
  const state = new Map(Object.entries(golden.stateBefore ?? {}));
  for (const [index, { inputs, stateAfter }] of (golden.steps ?? []).entries()) {
    const step: GoldenCase = {
      ...golden,
      inputs: { ...golden.inputs, ...inputs },
      stateBefore: Object.fromEntries(state),
      ...(stateAfter === undefined ? {} : { stateAfter }),
    };
    for (const [where, value] of await batchNormalizationOnce(step, backend)) {
      results.set(`steps/${index}/${where}`, value).set(where, value);
      if (where.startsWith('stateAfter/') && !('notKept' in value)) state.set(where.slice('stateAfter/'.length), goldenTensor(value));
    }
  }
  return results;
};

/** Axes counted from the end, as `normalizedShape` gives them. */
function trailingAxes(golden: GoldenCase, x: Tensor): number[] {
  const shape = numbersSetting(golden, 'normalizedShape');
  const axes = shape.map((_, index) => x.shape.length - shape.length + index);
  if (axes.some((axis, index) => x.shape[axis] !== shape[index])) {
    throw new FormatError(`${golden.id}: normalizedShape ${shapeText(shape)} is not the end of ${shapeText(x.shape)}.`);
  }
  return axes;
}

function layerNormalization(scope: Scope, golden: GoldenCase): Recorded {
  const x = realInput(scope, 'x');
  const axes = trailingAxes(golden, x);
  // The layer leaves the batch axis alone. The op does not care which axes it is given.
  if (axes.includes(0)) return { outputs: { y: normalizedOver(scope, golden, x, axes, x.shape) } };
  const [scale, center] = ['gamma', 'beta'].map((name) => Object.hasOwn(golden.inputs, name)) as [boolean, boolean];
  const model = layerNorm({ axes, epsilon: numberSetting(golden, 'eps'), scale, center });
  const variables = { ...(scale ? { gamma: 'gamma' } : {}), ...(center ? { beta: 'beta' } : {}) };
  return { outputs: { y: scope.apply(model, x, { variables, training: true }) } };
}

/** Root mean squares over the last axes. The layer leaves the batch axis alone, so x becomes a batch of one. */
function rmsNormalization(scope: Scope, golden: GoldenCase): Recorded {
  const x = realInput(scope, 'x');
  const scale = Object.hasOwn(golden.inputs, 'gamma');
  expectSetting(golden, 'epsMode', 'inside', 'outside');
  const model = rmsNorm({
    axes: trailingAxes(golden, x).map((axis) => axis + 1),
    epsilon: numberSetting(golden, 'eps'),
    epsilonMode: textSetting(golden, 'epsMode', 'inside') === 'outside' ? 'outside' : 'inside',
    scale,
  });
  const y = scope.apply(model, reshape(x, [1, ...x.shape]), { variables: scale ? { gamma: 'gamma' } : {}, training: true });
  return { outputs: { y: reshape(y, x.shape) } };
}

/** Statistics per sample and group of neighbouring channels. */
function groupNormalization(scope: Scope, golden: GoldenCase): Recorded {
  const [scale, center] = ['gamma', 'beta'].map((name) => Object.hasOwn(golden.inputs, name)) as [boolean, boolean];
  const model = groupNorm({
    groups: numberSetting(golden, 'numGroups'),
    epsilon: numberSetting(golden, 'eps'),
    channelAxis,
    scale,
    center,
  });
  const variables = { ...(scale ? { gamma: 'gamma' } : {}), ...(center ? { beta: 'beta' } : {}) };
  return { outputs: { y: scope.apply(model, realInput(scope, 'x'), { variables, training: true }) } };
}

/** Statistics per sample and channel. */
function instanceNormalization(scope: Scope, golden: GoldenCase): Recorded {
  const x = realInput(scope, 'x');
  const others = [...x.shape.keys()].slice(2);
  const ofBatch = (): Recorded => ({ outputs: { y: normalizedOver(scope, golden, x, others, perChannel(x)) } });
  return flagSetting(golden, 'trackRunningStats') ? tracked(scope, golden, { layer: instanceNorm, others, ofBatch }) : ofBatch();
}

export const normalization: Readonly<Record<string, Adapter>> = {
  batchNorm: batchNormalizationOnce,
  batchNormSequence: batchNormalizationSequence,
  layerNorm: formula(layerNormalization),
  rmsNorm: formula(rmsNormalization),
  groupNorm: formula(groupNormalization),
  instanceNorm: formula(instanceNormalization),
};
