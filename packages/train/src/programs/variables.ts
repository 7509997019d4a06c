// The variables of a training run: the model's and the optimizer's.
import type { AnyLayer, InputSpec, Optimizer, Rule, VariableSpec } from '@nn/core';
import { batchedSpec, modelShape } from '@nn/core';
import { resolveRules } from '../rules/rules.ts';
import { parametersOf } from './objective.ts';
import { optimizerSlots } from './updates.ts';

/**
 * Specs of all variables that `trainingProgram` uses, by path; fill them with `fillVariables(specs, seed)`. Frozen parameters have no slots.
 *
 * @param options input: of one sample, without the batch axis
 * @throws the typed errors of the layers; ConfigError for a rule that matches nothing
 */
export function trainingVariables(options: {
  readonly model: AnyLayer;
  readonly input: InputSpec;
  readonly optimizer: Optimizer;
  readonly rules?: readonly Rule[];
}): ReadonlyMap<string, VariableSpec> {
  const { specs } = modelShape(options.model, batchedSpec(options.input, 1));
  const rules = resolveRules(options.rules ?? [], parametersOf(specs));
  const trained = [...specs].filter(([path]) => rules.get(path)?.frozen === false);
  return new Map([...specs, ...optimizerSlots(options.optimizer, trained)]);
}
