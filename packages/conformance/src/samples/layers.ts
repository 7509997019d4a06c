// Models to try each layer with. The table is typed by what @nn/layers exports: a layer that needs arguments does not compile without
// samples; one that needs none is tried as it is.
import type { AnyLayer, NdArray } from '@nn/core';
import * as exported from '@nn/layers';
import {
  alphaDropout,
  avgPool2d,
  batchNorm,
  batchRenorm,
  block,
  celu,
  concatenate,
  conv2d,
  cumulative,
  dense,
  dropConnect,
  dropout,
  elu,
  ema,
  embedding,
  flatten,
  gaussianDropout,
  gaussianNoise,
  gelu,
  ghostBatchNorm,
  globalAvgPool2d,
  globalMaxPool2d,
  groupNorm,
  hardSigmoid,
  instanceNorm,
  layerNorm,
  leakyRelu,
  logSoftmax,
  maxPool2d,
  normPropDense,
  prelu,
  residual,
  rmsNorm,
  sequential,
  sigmoid,
  silu,
  softmax,
  softplus,
  spatialDropout,
  standardize,
  tanh,
  weightNorm,
} from '@nn/layers';
import type { Draw } from './arrays.ts';
import { firstDraw, integers } from './arrays.ts';

/** A factory of layers: it has a kind, and rebuilds something that can be applied. */
type LayerFactory = { readonly kind: string; readonly rebuild: (...given: never[]) => { apply(...given: never[]): unknown } };

/** Names of the layers that @nn/layers exports. */
export type LayerName = {
  [Name in keyof typeof exported]: (typeof exported)[Name] extends LayerFactory ? Name : never;
}[keyof typeof exported];

/** Those that can be made without arguments: they are tried with their defaults if the table does not name them. */
type DefaultName = { [Name in LayerName]: (typeof exported)[Name] extends () => AnyLayer ? Name : never }[LayerName];

/** A layer and what it is applied to. */
export interface LayerSample {
  readonly title: string;
  readonly model: AnyLayer;
  readonly x: NdArray;
}

type Samples = readonly LayerSample[];

type Table = { readonly [Name in Exclude<LayerName, DefaultName>]: Samples } & { readonly [Name in DefaultName]?: Samples };

function table({ images, sample }: Arrays): Table {
  return {
    weightNorm: [
      sample('in a dense layer', dense(4, { kernelTransform: weightNorm() })),
      sample('in a convolution, one length', conv2d(2, { window: 2, kernelTransform: weightNorm({ axis: null }) }), images),
      sample('before DropConnect', dense(4, { kernelTransform: sequential(weightNorm(), dropConnect()) })),
    ],
    dropConnect: [
      sample('for each sample', dense(4, { kernelTransform: dropConnect({ rate: 0.4, per: 'sample' }) })),
      sample('for each image', conv2d(2, { window: 2, kernelTransform: dropConnect({ per: 'sample' }) }), images),
      sample('in a dense layer', dense(4, { kernelTransform: dropConnect({ rate: 0.4 }) })),
      sample(
        'always, in a convolution',
        conv2d(2, { window: 2, kernelTransform: dropConnect({ scaling: 'inference', active: 'always' }) }),
        images,
      ),
    ],
    normPropDense: [sample('on rows', normPropDense(4)), sample('on images', normPropDense(2), images)],
    dense: [sample('with a bias', dense(4)), sample('without', dense(2, { bias: false })), sample('on images', dense(3), images)],
    batchNorm: [
      sample('on rows', batchNorm()),
      sample('on images', batchNorm({ epsilon: 0.1 }), images),
      sample('on the second axis', batchNorm({ channelAxis: 1 }), images),
      sample('without scale and shift', batchNorm({ scale: false, center: false, epsilon: 0 })),
      sample('with cumulative statistics', batchNorm({ runningStatistics: cumulative() })),
      sample(
        'epsilon outside the root, averages of the deviation',
        batchNorm({ epsilon: 0.1, epsilonMode: 'outside', runningStatistics: ema({ spread: 'deviation', debias: true }) }),
      ),
      sample('from the first batch', batchNorm({ epsilonMode: 'none', runningStatistics: ema({ start: 'firstBatch' }) })),
    ],
    layerNorm: [
      sample('on rows', layerNorm()),
      sample('on images', layerNorm({ axes: [1, 2, 3], epsilon: 1e-3 }), images),
      sample('scale only', layerNorm({ center: false })),
      sample('epsilon outside the root', layerNorm({ epsilon: 0.1, epsilonMode: 'outside' })),
    ],
    rmsNorm: [
      sample('on rows', rmsNorm()),
      sample('on images, epsilon outside the root', rmsNorm({ axes: [1, 3], epsilon: 0.1, epsilonMode: 'outside' }), images),
    ],
    groupNorm: [
      sample('on images', groupNorm({ groups: 2 }), images),
      sample('on the second axis', groupNorm({ groups: 3, channelAxis: 1, epsilon: 0.1 }), images),
      sample('on rows', groupNorm({ groups: 1 })),
    ],
    instanceNorm: [
      sample('on images', instanceNorm(), images),
      sample('on the second axis', instanceNorm({ channelAxis: 1, epsilonMode: 'none' }), images),
      sample('with running statistics', instanceNorm({ runningStatistics: cumulative() }), images),
    ],
    ghostBatchNorm: [
      sample('a remainder', ghostBatchNorm({ ghostBatchSize: 2 })),
      sample('ghosts of one image', ghostBatchNorm({ ghostBatchSize: 1 }), images),
    ],
    batchRenorm: [
      sample('at the first step', batchRenorm()),
      // Where a bound holds r and d do not move, so that differences see what the gradient does.
      sample('at both bounds', batchRenorm({ rMax: 1.01, dMax: 0.01 })),
    ],
    embedding: [sample('some rows twice', embedding(4, 3), integers(2, 0, 3, 0, 2, 2).reshape([3, 2]))],
    dropout: [
      sample('in training', dropout({ rate: 0.4 })),
      sample('always', dropout({ rate: 0.5, active: 'always', scaling: 'inference' })),
    ],
    spatialDropout: [
      sample('on images', spatialDropout({ rate: 0.4 }), images),
      sample('always', spatialDropout({ active: 'always', scaling: 'inference' }), images),
    ],
    alphaDropout: [sample('in training', alphaDropout({ rate: 0.3 })), sample('always', alphaDropout({ active: 'always' }))],
    gaussianNoise: [sample('in training', gaussianNoise({ deviation: 2 })), sample('always', gaussianNoise({ active: 'always' }))],
    gaussianDropout: [sample('in training', gaussianDropout({ rate: 0.2 })), sample('always', gaussianDropout({ active: 'always' }))],
    prelu: [
      sample('a slope per channel', prelu(), images),
      sample('one slope', prelu({ axes: [] })),
      sample('a slope per row and channel', prelu({ axes: [1, 3] }), images),
    ],
    standardize: [sample('rows', standardize()), sample('every pixel', standardize({ axes: [1, 2, 3] }), images)],
    gelu: [sample('exact', gelu()), sample('by tanh', gelu({ approximate: 'tanh' }))],
    silu: [sample('beta 1.7', silu({ beta: 1.7 }))],
    celu: [sample('alpha 0.4', celu({ alpha: 0.4 }))],
    softplus: [sample('beta 3', softplus({ beta: 3 }))],
    hardSigmoid: [sample('slope 0.2', hardSigmoid({ slope: 0.2 }))],
    logSoftmax: [sample('the last axis', logSoftmax()), sample('axis 1 of images', logSoftmax({ axis: 1 }), images)],
    leakyRelu: [sample('slope 0.2', leakyRelu({ slope: 0.2 }))],
    elu: [sample('alpha 1.5', elu({ alpha: 1.5 }))],
    softmax: [sample('the last axis', softmax()), sample('axis 1 of images', softmax({ axis: 1 }), images)],
    conv2d: [
      sample('with a bias', conv2d(2, { window: 2 }), images),
      sample(
        'strides, padding and groups',
        conv2d(4, { window: [3, 2], strides: [2, 1], padding: 'same', groups: 2, bias: false }),
        images,
      ),
      sample('depthwise, with gaps', conv2d(8, { window: 2, dilations: [1, 2], padding: 1, groups: 4 }), images),
      sample(
        'other zeros on every side',
        conv2d(2, {
          window: [2, 1],
          strides: [1, 2],
          padding: [
            [0, 2],
            [1, 0],
          ],
        }),
        images,
      ),
    ],
    maxPool2d: [
      sample('windows of 2', maxPool2d(), images),
      sample('ceil mode', maxPool2d({ window: 2, ceilMode: true }), images),
      sample('with gaps', maxPool2d({ window: [2, 1], dilations: [2, 1], strides: 1 }), images),
      sample('overlapping', maxPool2d({ window: 2, strides: 1, padding: 'same' }), images),
    ],
    avgPool2d: [
      sample('windows of 2', avgPool2d(), images),
      sample('ceil mode', avgPool2d({ window: [2, 1], ceilMode: true, countPadding: true }), images),
      sample('padding counts', avgPool2d({ padding: 1, countPadding: true }), images),
    ],
    globalMaxPool2d: [sample('images', globalMaxPool2d(), images)],
    globalAvgPool2d: [sample('images', globalAvgPool2d(), images)],
    flatten: [sample('images', flatten(), images)],
    sequential: [sample('a classifier', sequential(dense(4, { bias: false }), batchNorm(), elu(), dropout({ rate: 0.25 }), dense(2)))],
    residual: [
      sample('around dense', residual(dense(3))),
      sample('with a shortcut', residual(sequential(dense(2), tanh()), dense(2, { bias: false }))),
    ],
    concatenate: [sample('two branches', concatenate(dense(2), sequential(dense(3), sigmoid())))],
    block: [sample('a layer used twice', sharedTwice())],
  };
}

/** What the layers are applied to. */
interface Arrays {
  /** [2, 3, 2, 4] */
  readonly images: NdArray;
  /** A sample, on rows [5, 3] unless told otherwise. */
  readonly sample: (title: string, model: AnyLayer, input?: NdArray) => LayerSample;
}

/** Samples of every layer by its name, over the arrays of one seed. Layers that the table does not name have their defaults. */
export function layerSamplesOf({ normal }: Draw): Readonly<Record<string, Samples>> {
  const x = normal('x', [5, 3], { mean: 1, deviation: 2 });
  const sample: Arrays['sample'] = (title, model, input = x) => ({ title, model, x: input });
  const samples = table({ images: normal('images', [2, 3, 2, 4]), sample });
  const withDefaults = Object.entries(exported).flatMap(([name, factory]): [string, Samples][] => {
    if (!('rebuild' in factory) || Object.hasOwn(samples, name)) return [];
    const model: object = (factory as () => object)();
    // Running statistics have factories too.
    return 'apply' in model ? [[name, [sample('default', model as AnyLayer)]]] : [];
  });
  return { ...Object.fromEntries(withDefaults), ...samples };
}

/** The samples of seed 1. */
export const layerSamples: Readonly<Record<string, Samples>> = layerSamplesOf(firstDraw);

/** Both calls see one kernel, so its gradient is a sum. */
function sharedTwice(): AnyLayer {
  const shared = dense(3);
  return block((input, call) => tanh(call('shared', shared, tanh(call('shared', shared, input)))));
}
