// The weights of a model of tfjs-layers (Keras) as variables of the same model made of layers of nn.
import type { ForeignTensor, NdArray } from '@nn/core';
import { ConfigError, fromForeign } from '@nn/core';

/** What is asked of a `tf.LayersModel`: its layers, in order. */
export interface LayersModelLike {
  readonly layers: readonly KerasLayer[];
}

interface KerasLayer {
  readonly name: string;
  getClassName(): string;
  readonly weights: readonly KerasWeight[];
  /** Those of a model within the model. */
  readonly layers?: readonly KerasLayer[];
}

interface KerasWeight {
  readonly originalName: string;
  read(): ForeignTensor;
}

/** The layer here that computes what one of Keras does, and the names of its variables by those there. */
interface Counterpart {
  readonly kind: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Where the same elements have another shape here. */
  readonly reshape?: (shape: readonly number[]) => readonly number[];
}

const kernelAndBias = { kernel: 'kernel', bias: 'bias' };
const gammaAndBeta = { gamma: 'gamma', beta: 'beta' };

const counterparts: ReadonlyMap<string, Counterpart> = new Map<string, Counterpart>([
  ['Dense', { kind: 'dense', variables: kernelAndBias }],
  ['Conv2D', { kind: 'conv2d', variables: kernelAndBias }],
  [
    'DepthwiseConv2D',
    {
      kind: 'conv2d',
      variables: { depthwise_kernel: 'kernel', bias: 'bias' },
      // One group per channel: [rows, columns, channels, multiplier] → [rows, columns, 1, channels · multiplier].
      reshape: (shape) => (shape.length === 4 ? [shape[0]!, shape[1]!, 1, shape[2]! * shape[3]!] : shape),
    },
  ],
  [
    'BatchNormalization',
    { kind: 'batchNorm', variables: { ...gammaAndBeta, moving_mean: 'runningMean', moving_variance: 'runningVariance' } },
  ],
  ['LayerNormalization', { kind: 'layerNorm', variables: gammaAndBeta }],
]);

/**
 * The weights of `model` under the paths of a model of nn with the same layers in the same order: dense, convolution and normalization
 * layers. For equal outputs, normalization layers here take the settings of Keras, `batchNorm(presets.keras.batchNorm)`, and activations
 * that are part of a layer there are layers of their own here.
 *
 * @returns what `createNetwork({ variables })` takes
 * @throws ConfigError for a layer with weights that has no counterpart
 */
export async function variablesFromLayersModel(model: LayersModelLike): Promise<Record<string, NdArray>> {
  const variables: Record<string, NdArray> = {};
  await collect(model.layers, '', variables);
  return variables;
}

async function collect(layers: readonly KerasLayer[], path: string, variables: Record<string, NdArray>): Promise<void> {
  const counts = new Map<string, number>();
  const pathOf = (kind: string): string => {
    const ordinal = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, ordinal);
    return `${path}${kind}${ordinal}/`;
  };
  for (const layer of layers) {
    if (layer.layers !== undefined) {
      await collect(layer.layers, pathOf('sequential'), variables);
      continue;
    }
    if (layer.weights.length === 0) continue;
    const counterpart = counterparts.get(layer.getClassName());
    if (counterpart === undefined) throw noCounterpart(layer);
    const prefix = pathOf(counterpart.kind);
    for (const weight of layer.weights) {
      const theirs = weight.originalName.split('/').at(-1)!;
      const ours = Object.hasOwn(counterpart.variables, theirs) ? counterpart.variables[theirs]! : undefined;
      if (ours === undefined)
        throw new ConfigError(`variablesFromLayersModel: layer "${layer.name}" has a weight "${theirs}", which is not known.`);
      const array = await fromForeign(weight.read());
      variables[prefix + ours] = counterpart.reshape === undefined ? array : array.reshape(counterpart.reshape(array.shape));
    }
  }
}

function noCounterpart(layer: KerasLayer): ConfigError {
  return new ConfigError(
    `variablesFromLayersModel: layer "${layer.name}" is a ${layer.getClassName()}, whose weights have no counterpart. ` +
      `Those of ${[...counterparts.keys()].join(', ')} are copied.`,
  );
}
