// The variables of a training run: the model's, and those that updates remember things in.
import type { AnyLayer, InputSpec, Rule, VariableSpec } from '@nn/core';
import { batchedSpec, modelShape } from '@nn/core';
import { averageVariables } from '../averaging/weightAverage.ts';
import { resolveRules } from '../rules/rules.ts';
import { accumulationVariables } from './accumulation.ts';
import { parametersOf } from './objective.ts';
import type { Recipe } from './recipe.ts';
import { optimizerSlots } from './updates.ts';

/** The parts of a recipe that updates depend on. */
export type UpdateRecipe = Pick<Recipe, 'optimizer' | 'weightAverage'>;

/**
 * Specs of all variables that `trainingProgram` uses, by path; fill them with `fillVariables(specs, seed)`. Frozen parameters have no slots.
 *
 * @param options input: of one sample, without the batch axis
 * @throws the typed errors of the layers; ConfigError for a rule that matches nothing
 */
export function trainingVariables(
  options: UpdateRecipe &
    Pick<Recipe, 'gradientAccumulation'> & {
      readonly model: AnyLayer;
      readonly input: InputSpec;
      readonly rules?: readonly Rule[];
    },
): ReadonlyMap<string, VariableSpec> {
  const { specs } = modelShape(options.model, batchedSpec(options.input, 1));
  const trained = trainedParameters(specs, options.rules);
  const { gradientAccumulation = 1 } = options;
  return new Map([...specs, ...updateVariables(options, trained), ...(gradientAccumulation === 1 ? [] : accumulationVariables(trained))]);
}

/** The parameters that no rule freezes. @throws ConfigError for a rule that matches nothing */
export function trainedParameters(specs: ReadonlyMap<string, VariableSpec>, rules: readonly Rule[] = []): Map<string, VariableSpec> {
  const resolved = resolveRules(rules, parametersOf(specs));
  return new Map([...specs].filter(([path]) => resolved.get(path)?.frozen === false));
}

/** What an update writes beside the parameters: the optimizer's slots, and averages. */
export function updateVariables(
  { optimizer, weightAverage }: UpdateRecipe,
  trained: Iterable<readonly [path: string, spec: VariableSpec]>,
): Map<string, VariableSpec> {
  const parameters = [...trained];
  return new Map([...optimizerSlots(optimizer, parameters), ...(weightAverage === undefined ? [] : averageVariables(parameters))]);
}
