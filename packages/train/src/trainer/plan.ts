// A recipe as the trainer uses it: checked, and with the types of the model's values forgotten.
import type { AnyLayer, Loss, LossFunction, Metric, Optimizer, Program, Rule, Tensor, Value } from '@nn/core';
import { ConfigError, checkChoice, valueText } from '@nn/core';
import { evaluationProgram } from '../programs/evaluationProgram.ts';
import type { Recipe } from '../programs/recipe.ts';
import { trainingProgram } from '../programs/trainingProgram.ts';
import type { ProgramRequest } from './programCache.ts';

export interface Plan {
  readonly model: AnyLayer;
  readonly optimizer: Optimizer;
  readonly metrics: readonly Metric[];
  readonly rules: readonly Rule[];
  /** Undefined with a custom step. */
  readonly loss: Loss | LossFunction | undefined;
  readonly skipsNonFinite: boolean;
  /** Traces a program. @throws the typed errors of model, loss, metrics and rules */
  trace(request: ProgramRequest): Program;
}

/** @throws ConfigError for a recipe that lacks a part or has one that is not what it should be */
export function planOf<Out extends Value>(recipe: Recipe<Tensor, Out>): Plan {
  checkRecipe(recipe);
  const { model, optimizer, metrics = [], rules = [], loss, onNonFinite = 'error' } = recipe;
  return {
    model,
    optimizer,
    metrics,
    rules,
    loss,
    skipsNonFinite: onNonFinite === 'skip',
    trace: ({ purpose, x, y }) =>
      (purpose === 'training' ? trainingProgram : evaluationProgram)<Tensor, Out>({ ...recipe, input: x, target: y }),
  };
}

function checkRecipe<Out extends Value>(recipe: Recipe<Tensor, Out>): void {
  const { model, optimizer, loss, step, onNonFinite = 'error' } = recipe;
  expectMethod(model, 'apply', 'model', 'a layer, such as sequential(dense(10))');
  expectMethod(optimizer, 'update', 'optimizer', 'an optimizer, such as adam()');
  checkChoice('createTrainer', 'onNonFinite', onNonFinite, ['error', 'skip']);
  if (step !== undefined) {
    if (typeof step !== 'function')
      throw new ConfigError(`createTrainer: step is ${valueText(step)}; it is a function ({ batch, apply }) => ({ loss }).`);
    if (loss !== undefined) throw new ConfigError('createTrainer: give a loss or a step, not both; a step says itself what the loss is.');
    return;
  }
  if (typeof loss !== 'function')
    expectMethod(loss, 'apply', 'loss', 'a loss, such as softmaxCrossEntropy(), or a function of prediction and target');
}

function expectMethod(value: unknown, method: string, option: string, expected: string): void {
  if (typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function') return;
  const call = typeof value === 'function' ? ` Call the factory: ${value.name}().` : '';
  throw new ConfigError(`createTrainer: ${option} is ${valueText(value)}; it is ${expected}.${call}`);
}
