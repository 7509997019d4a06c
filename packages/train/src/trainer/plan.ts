// A recipe as the trainer uses it: checked, and with the types of the model's values forgotten.
import type { AnyLayer, AnyMetric, Loss, LossFunction, Optimizer, Program, Rule, Tensor, Value } from '@nn/core';
import { ConfigError, checkChoice, checkInteger, checkNumber, expectMethod, valueText } from '@nn/core';
import type { WeightAverage } from '../averaging/weightAverage.ts';
import type { Preparation } from '../prepare/preparation.ts';
import { overDataset } from '../programs/datasetVariables.ts';
import { evaluationProgram } from '../programs/evaluationProgram.ts';
import { layerOutputProgram } from '../programs/layerOutputProgram.ts';
import type { Recipe } from '../programs/recipe.ts';
import { trainingProgram } from '../programs/trainingProgram.ts';
import { checkRules } from '../rules/rules.ts';
import { expectMethods } from './expect.ts';
import type { BatchRequest, ProgramRequest } from './programCache.ts';
import { capacity, keyOf } from './programCache.ts';

export interface Plan {
  readonly model: AnyLayer;
  readonly optimizer: Optimizer;
  readonly metrics: readonly AnyMetric[];
  readonly rules: readonly Rule[];
  /** Undefined with a custom step. */
  readonly loss: Loss | LossFunction | undefined;
  readonly skipsNonFinite: boolean;
  /** Batches of an update. */
  readonly gradientAccumulation: number;
  readonly weightAverage?: WeightAverage;
  /** What sets starting values from data, in order. */
  readonly preparations: readonly Preparation[];
  /**
   * Traces a program. Those of the last few requests are remembered: they are checked before the first step, and compiled for it.
   * @throws the typed errors of model, loss, metrics and rules
   */
  trace(request: ProgramRequest): Program;
  /** Traces what one layer gives for a batch. @throws as `layerOutputProgram` */
  traceLayer(batch: BatchRequest, layer: string): Program;
}

/** A recipe, and how its variables start. */
export type PreparedRecipe<Out extends Value = Tensor> = Recipe<Tensor, Out> & {
  /** Set starting values from the first batch, in order, before the first step: `[lsuv()]`. */
  readonly prepare?: readonly Preparation[];
};

/** @throws ConfigError for a recipe that lacks a part or has one that is not what it should be */
export function planOf<Out extends Value>(recipe: PreparedRecipe<Out>): Plan {
  checkRecipe(recipe);
  const {
    model,
    optimizer,
    metrics = [],
    rules = [],
    loss,
    prepare = [],
    onNonFinite = 'error',
    gradientAccumulation = 1,
    weightAverage,
  } = recipe;
  const trace = remembered(({ purpose, x, y, weighted, averaged = false }) => {
    const options = { ...recipe, input: x, target: y, weighted };
    return purpose === 'training' ? trainingProgram<Tensor, Out>(options) : evaluationProgram<Tensor, Out>({ ...options, averaged });
  });
  return {
    model,
    optimizer,
    metrics,
    rules,
    loss,
    skipsNonFinite: onNonFinite === 'skip',
    gradientAccumulation,
    ...(weightAverage === undefined ? {} : { weightAverage }),
    preparations: prepare,
    trace({ dataset, ...fromHost }) {
      const program = trace(fromHost);
      return dataset === undefined ? program : overDataset(program, dataset);
    },
    traceLayer: ({ x, y, weighted }, layer) => layerOutputProgram<Tensor, Out>({ ...recipe, input: x, target: y, weighted, layer }),
  };
}

/** The same programs, of which the last few are kept. */
function remembered(trace: (request: ProgramRequest) => Program): (request: ProgramRequest) => Program {
  const known = new Map<string, Program>();
  return (request) => {
    const key = keyOf(request);
    const program = known.get(key) ?? trace(request);
    known.delete(key);
    known.set(key, program);
    if (known.size > capacity) known.delete(known.keys().next().value!);
    return program;
  };
}

function checkRecipe<Out extends Value>(recipe: PreparedRecipe<Out>): void {
  const { model, optimizer, loss, step, weightAverage } = recipe;
  const { metrics = [], rules = [], gradientTransforms = [], prepare = [], onNonFinite = 'error', gradientAccumulation = 1 } = recipe;
  expectMethod(model, 'apply', 'createTrainer: model', 'a layer, such as sequential(dense(10))');
  for (const method of ['update', 'variables'])
    expectMethod(optimizer, method, 'createTrainer: optimizer', 'an optimizer with update() and variables(), such as adam()');
  const { learningRate }: { readonly learningRate: unknown } = optimizer;
  if (typeof learningRate !== 'function') checkNumber('createTrainer: optimizer', 'learningRate', learningRate as number, { from: 0 });
  expectMethods(metrics, 'accumulate', 'createTrainer: metrics', 'a metric, such as accuracy()');
  expectMethods(gradientTransforms, 'apply', 'createTrainer: gradientTransforms', 'a transform, such as clipByNorm(1)');
  expectMethods(prepare, 'prepare', 'createTrainer: prepare', 'a preparation, such as lsuv()');
  checkRules(rules);
  checkChoice('createTrainer', 'onNonFinite', onNonFinite, ['error', 'skip']);
  checkInteger('createTrainer', 'gradientAccumulation', gradientAccumulation, { from: 1 });
  if (weightAverage !== undefined) {
    expectMethod(weightAverage, 'update', 'createTrainer: weightAverage', 'an average, such as exponentialAverage()');
  }
  if (step === undefined) {
    // A factory is a function too; only a function of prediction and target is a loss.
    const isLossFunction = typeof loss === 'function' && !('rebuild' in loss);
    if (!isLossFunction)
      expectMethod(loss, 'apply', 'createTrainer: loss', 'a loss, such as softmaxCrossEntropy(), or a function of prediction and target');
    return;
  }
  if (typeof step !== 'function') {
    throw new ConfigError(`createTrainer: step is ${valueText(step)}; it is a function ({ batch, apply }) => ({ loss }).`);
  }
  if (loss !== undefined) throw new ConfigError('createTrainer: give a loss or a step, not both; a step says itself what the loss is.');
}
