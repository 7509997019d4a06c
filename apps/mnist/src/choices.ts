// The names that settings choose from, and what each of them makes.
import type { Initializer, Layer, Optimizer, Schedule } from '@nn/kit';
import {
  adam,
  adamW,
  batchNorm,
  constantSchedule,
  cosineDecay,
  elu,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  layerNorm,
  leakyRelu,
  lecunNormal,
  lecunUniform,
  normal,
  relu,
  selu,
  sgd,
  sigmoid,
  tanh,
  truncatedNormal,
  uniform,
  zeros,
} from '@nn/kit';

/** Factories of layers by name. Some of them can also be called with a tensor, which the type leaves out. */
function layerTable<Name extends string>(table: Readonly<Record<Name, () => Layer>>): typeof table {
  return table;
}

/** The names in a table, in its order. */
export function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): readonly Name[] {
  return Object.keys(table) as Name[];
}

export const normalizers = layerTable({ batch: batchNorm, layer: layerNorm });

export const models = ['mlp', 'cnn'] as const;

export const orders = ['pre', 'post'] as const;

export const activations = layerTable({ relu, leakyRelu, elu, selu, sigmoid, tanh });

export const initializers = {
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  lecunUniform,
  lecunNormal,
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
} satisfies Readonly<Record<string, OptimizerChoice>>;

/** How the learning rate goes on from what it is in the first step, in a run of so many steps. */
export const schedules = {
  cosine: (initial, steps) => cosineDecay({ initial, steps }),
  constant: constantSchedule,
} satisfies Readonly<Record<string, (initial: number, steps: number) => Schedule>>;
