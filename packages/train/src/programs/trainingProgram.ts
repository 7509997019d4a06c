// A whole training step as one program: forward, gradients, updates, figures. Pure: the trainer, conformance and benchmarks use it alike.
import type { Expr, GradientTransform, Program, Tensor, Value } from '@nn/core';
import {
  ConfigError,
  Session,
  ShapeError,
  add,
  div,
  elementwise,
  gradients,
  newTrace,
  sameShape,
  scalar,
  seedInput,
  specText,
  stepInput,
  variableTensorSpec,
} from '@nn/core';
import { globalNorm } from '@nn/optim';
import { expectTensors } from './expectTensors.ts';
import type { BatchSpecs } from './objective.ts';
import { declareBatch, parametersOf, readParameter, recordObjective, recordPenalties } from './objective.ts';
import type { Recipe } from './recipe.ts';
import { resolveRules } from '../rules/rules.ts';
import type { WeightAverage } from '../averaging/weightAverage.ts';
import { averagePath } from '../averaging/weightAverage.ts';
import { accumulateGradients, accumulationVariables } from './accumulation.ts';
import { keepUnless, recordUpdate } from './updates.ts';
import { updateVariables } from './variables.ts';

export type TrainingProgramOptions<In extends Value = Tensor, Out extends Value = Tensor> = Recipe<In, Out> & BatchSpecs<In>;

/** The learning rate of a step as an input: f32 []. */
export const learningRateInput = 'learningRate';

/**
 * One training step.
 *
 * Inputs: `x` (or `x/0`, … and `x/<name>` for tuples and records), `y`, with weights `weights`, and the scalars `seed`, `step` (i32, 1 in
 * the first step) and `learningRate` (f32). Variables by path: `dense1/kernel`, the optimizer's `optimizer/dense1/kernel/m`, with a weight average
 * `average/dense1/kernel`, with gradient accumulation `accumulated/dense1/kernel` and `accumulation/count`.
 * Outputs: `loss` (mean over the batch, penalties included), `gradientNorm` (of all gradients together, before they are transformed),
 * `finite` (bool: whether both are), and the sums `metric/<metric>/<sum>`.
 *
 * @throws ConfigError when nothing is left to train or a rule matches nothing; the typed errors of model, loss and metrics
 */
export function trainingProgram<In extends Value = Tensor, Out extends Value = Tensor>(options: TrainingProgramOptions<In, Out>): Program {
  const trace = newTrace();
  return trace.run(() => {
    const session = new Session(trace, { training: true });
    const batch = declareBatch<In>(trace, options);
    // Declared whether a layer draws random numbers or not, so that every training program is run alike.
    session.scalarInput(seedInput);
    const step = session.scalarInput(stepInput);
    const learningRate = trace.input(learningRateInput, { shape: [], dtype: 'f32' });
    const { loss: dataLoss, sums } = recordObjective(options, session, batch);
    const rules = resolveRules(options.rules ?? [], parametersOf(session.declared));
    const penalty = recordPenalties(session, rules);
    const loss = penalty === undefined ? dataLoss : add(dataLoss, penalty);

    const trained = [...rules].filter(([, { frozen }]) => !frozen);
    if (trained.length === 0)
      throw new ConfigError('There is nothing to train: the model has no parameters, or the rules freeze them all.');
    const derivatives = gradients(
      loss,
      trained.map(([path]) => readParameter(session, path)),
    );
    const byPath: Gradients = Object.fromEntries(trained.map(([path], index) => [path, derivatives[index]!]));
    const gradientNorm = globalNorm(byPath);
    const finite = elementwise((a, b) => scalar.and(isFinite(a), isFinite(b)), loss, gradientNorm);
    const { gradientAccumulation = 1 } = options;
    const accumulated = gradientAccumulation === 1 ? undefined : accumulateGradients(session, byPath, gradientAccumulation);
    const update = accumulated === undefined ? step : div(step, gradientAccumulation);
    const transformed = transformGradients(accumulated?.means ?? byPath, options.gradientTransforms);
    for (const [path, ruled] of trained) {
      trace.within(path, () => {
        recordUpdate(session, { path, gradient: transformed[path]!, rules: ruled }, options.optimizer, { step: update, learningRate });
        recordAverage(session, path, options.weightAverage, update);
      });
    }
    const specs = trained.map(([path]) => [path, session.declared.get(path)!] as const);
    const updated = [...specs, ...updateVariables(options, specs)];
    if (accumulated !== undefined) keepUnless(accumulated.due, session, updated);
    if (options.onNonFinite === 'skip') {
      const accumulators = accumulated === undefined ? [] : accumulationVariables(specs);
      keepUnless(finite, session, new Map([...session.declared, ...updated, ...accumulators]));
    }
    return trace.finish({ loss, gradientNorm, finite, ...sums });
  });
}

type Gradients = Readonly<Record<string, Tensor>>;

/** The average of a parameter follows its new value. */
function recordAverage(session: Session, path: string, weightAverage: WeightAverage | undefined, update: Tensor): void {
  if (weightAverage === undefined) return;
  const { trace } = session;
  const before = trace.readVariable(averagePath(path), variableTensorSpec(session.declared.get(path)!));
  trace.writeVariable(averagePath(path), weightAverage.update(before, trace.currentValue(path)!, update));
}

/** @throws ShapeError when a transform loses a gradient or changes its shape */
function transformGradients(found: Gradients, transforms: readonly GradientTransform[] = []): Gradients {
  let all = found;
  for (const transform of transforms) {
    const given: unknown = transform.apply(all);
    expectTensors(given, `The gradient transform ${transform.kind}`);
    all = given;
    for (const [path, { shape }] of Object.entries(found)) {
      const changed = all[path];
      if (changed !== undefined && sameShape(changed.shape, shape)) continue;
      throw new ShapeError(
        `The gradient transform ${transform.kind} gives ${changed === undefined ? 'nothing' : specText(changed)} for "${path}".`,
      );
    }
  }
  return all;
}

/** NaN compares false with everything. */
function isFinite(x: Expr): Expr {
  return scalar.less(scalar.abs(x), Infinity);
}
