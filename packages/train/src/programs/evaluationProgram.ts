// Loss and metrics of a batch without training: the model in inference, nothing is written.
import type { Program, Rule, Tensor, Value } from '@nn/core';
import { Session, add, newTrace } from '@nn/core';
import { overAverages } from '../averaging/weightAverage.ts';
import { resolveRules } from '../rules/rules.ts';
import type { BatchSpecs } from './objective.ts';
import { declareBatch, parametersOf, recordObjective, recordPenalties } from './objective.ts';
import type { Objective } from './recipe.ts';
import { trainedParameters } from './variables.ts';

export type EvaluationProgramOptions<In extends Value = Tensor, Out extends Value = Tensor> = Objective<In, Out> &
  BatchSpecs<In> & {
    /** Penalties are part of the loss here too, so that the losses of training and validation mean the same. */
    readonly rules?: readonly Rule[];
    /** Reads the averages that a recipe with a `weightAverage` keeps in place of the parameters (false). */
    readonly averaged?: boolean;
  };

/**
 * Inputs `x` and `y` as of `trainingProgram`, and i32 [] `seed` and `step` where a layer is random in inference too.
 * Outputs `loss` (mean over the batch, penalties included) and the sums `metric/<metric>/<sum>`. It writes no variable.
 *
 * @throws the typed errors of model, loss and metrics; ConfigError for a rule that matches nothing
 */
export function evaluationProgram<In extends Value = Tensor, Out extends Value = Tensor>(
  options: EvaluationProgramOptions<In, Out>,
): Program {
  const trace = newTrace();
  let replaced: Iterable<string> = [];
  const program = trace.run(() => {
    const session = new Session(trace, { training: false });
    const { loss, sums } = recordObjective(options, session, declareBatch<In>(trace, options));
    const penalty = recordPenalties(session, resolveRules(options.rules ?? [], parametersOf(session.declared)));
    if (options.averaged === true) replaced = trainedParameters(session.declared, options.rules).keys();
    return trace.finish({ loss: penalty === undefined ? loss : add(loss, penalty), ...sums });
  });
  return overAverages(program, new Set(replaced));
}
