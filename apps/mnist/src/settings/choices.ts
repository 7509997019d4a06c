// The names that settings choose from, and what each of them makes.
import type { ImageTransform, Initializer, Layer, Optimizer, Preparation, Schedule } from '@nn/kit';
import {
  adagrad,
  adam,
  adamW,
  batchNorm,
  constantSchedule,
  cosineDecay,
  cutout,
  dataDependentScaling,
  elastic,
  elu,
  gelu,
  glorotNormal,
  glorotUniform,
  groupNorm,
  heNormal,
  heUniform,
  instanceNorm,
  layerNorm,
  leakyRelu,
  lecunNormal,
  lecunUniform,
  lsuv,
  normal,
  oneCycle,
  orthogonal,
  pixelNoise,
  relu,
  rmsNorm,
  rmsprop,
  rotate,
  selu,
  sgd,
  shift,
  sigmoid,
  silu,
  tanh,
  truncatedNormal,
  uniform,
  weightNorm,
  zeros,
  zoom,
} from '@nn/kit';

/** Factories of layers by name. Some of them can also be called with a tensor, which the type leaves out. */
function layerTable<Name extends string>(table: Readonly<Record<Name, () => Layer>>): typeof table {
  return table;
}

/** The names in a table, in its order. */
export function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): readonly Name[] {
  return Object.keys(table) as Name[];
}

/** What normalizes a hidden layer. */
export interface NormalizationChoice {
  /** Stands beside the activation. @param units features or channels of the layer */
  layer?(units: number): Layer;
  /** There is none of its kind for vectors, so fully connected layers go without. */
  readonly imagesOnly?: boolean;
  /** Stands between the kernel that is kept and the kernel that is computed with. */
  kernelTransform?(): Layer;
  /** Subtracts whatever a bias right before it adds. */
  readonly takesBiasAway?: boolean;
}

const mostGroups = 8;

export const normalizations = {
  batch: { layer: () => batchNorm(), takesBiasAway: true },
  layer: { layer: () => layerNorm() },
  group: { layer: (units) => groupNorm({ groups: commonDivisor(units, mostGroups) }) },
  instance: { layer: () => instanceNorm(), imagesOnly: true, takesBiasAway: true },
  rms: { layer: () => rmsNorm() },
  weight: { kernelTransform: () => weightNorm() },
  none: {},
} satisfies Readonly<Record<string, NormalizationChoice>>;

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

export const models = ['mlp', 'cnn'] as const;

export const orders = ['pre', 'post'] as const;

export const activations = layerTable({ relu, leakyRelu, elu, selu, gelu, silu, sigmoid, tanh });

export const initializers = {
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  lecunUniform,
  lecunNormal,
  orthogonal,
  uniform,
  normal,
  truncatedNormal,
  zeros,
} satisfies Readonly<Record<string, () => Initializer>>;

/** What initializers are called for short: their normal form. */
export const initializerAliases: Readonly<Record<string, keyof typeof initializers>> = {
  glorot: 'glorotNormal',
  xavier: 'glorotNormal',
  he: 'heNormal',
  kaiming: 'heNormal',
  lecun: 'lecunNormal',
};

/** Random changes of images, by as much as leaves digits what they are. */
export const transforms = {
  shift: () => shift(),
  rotate: () => rotate(),
  zoom: () => zoom(),
  elastic: () => elastic(),
  noise: () => pixelNoise(),
  cutout: () => cutout(),
} satisfies Readonly<Record<string, () => ImageTransform>>;

/** What sets the scale of the kernels from the first batch. */
export const preparations = {
  none: [],
  lsuv: [lsuv],
  scaling: [dataDependentScaling],
} satisfies Readonly<Record<string, readonly (() => Preparation)[]>>;

/** An optimizer, and the learning rate it has unless told otherwise. */
interface OptimizerChoice {
  readonly rate: number;
  make(learningRate: Schedule): Optimizer;
}

export const optimizers = {
  sgd: { rate: 0.1, make: (learningRate) => sgd({ learningRate }) },
  // A velocity of weight 0.9 makes steps ten times as long.
  momentum: { rate: 0.01, make: (learningRate) => sgd({ learningRate, momentum: 0.9 }) },
  adam: { rate: 0.001, make: (learningRate) => adam({ learningRate }) },
  adamW: { rate: 0.001, make: (learningRate) => adamW({ learningRate }) },
  rmsprop: { rate: 0.001, make: (learningRate) => rmsprop({ learningRate }) },
  adagrad: { rate: 0.01, make: (learningRate) => adagrad({ learningRate }) },
} satisfies Readonly<Record<string, OptimizerChoice>>;

/** How the learning rate goes on, in a run of so many steps, from its highest, or up to it. */
export const schedules = {
  cosine: (initial, steps) => cosineDecay({ initial, steps }),
  oneCycle: (peak, steps) => oneCycle({ peak, steps }),
  constant: constantSchedule,
} satisfies Readonly<Record<string, (initial: number, steps: number) => Schedule>>;
