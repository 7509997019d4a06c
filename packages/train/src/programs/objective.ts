// The loss and the metrics of a batch, as recorded by training and evaluation programs alike.
import type {
  AnyMetric,
  Figure,
  Loss,
  LossFunction,
  Metric,
  NdArray,
  Program,
  Session,
  Spec,
  Tensor,
  TensorSpec,
  Trace,
  Value,
  VariableSpec,
} from '@nn/core';
import {
  ConfigError,
  DTypeError,
  ShapeError,
  add,
  constant,
  declareInputs,
  full,
  mean,
  mul,
  specText,
  stopGradient,
  sum,
  variableTensorSpec,
} from '@nn/core';
import type { ParameterRules } from '../rules/rules.ts';
import { expectRecord, expectTensor, expectTensors } from './expectTensors.ts';
import type { Objective, StepResult, TracedBatch } from './recipe.ts';

/** The mean of a figure over samples: what the metrics of a custom step are. */
const sampleMean: Pick<Metric, 'result'> = { result: ({ sum: total = 0, count = 0 }) => total / count };

const metricPrefix = 'metric/';

/** The weights of a batch as an input: f32 [batch]. */
export const weightsInput = 'weights';

/** What `recordObjective` recorded. */
interface Recorded {
  /** f32 [], without penalties */
  readonly loss: Tensor;
  /** Sums by output name: `metric/accuracy/correct`. */
  readonly sums: Readonly<Record<string, Tensor>>;
}

/** What the batches of a program look like. */
export interface BatchSpecs<In extends Value = Tensor> {
  /** Shapes of a batch of inputs, with the batch axis. */
  readonly input: Spec<In>;
  /** Shape of the targets of a batch. */
  readonly target: TensorSpec;
  /** Whether each row has a weight in the loss: the input `weights`, f32 [batch] (false). */
  readonly weighted?: boolean;
}

/** The inputs `x`, `y` and `weights` of a program. */
export function declareBatch<In extends Value>(trace: Trace, { input, target, weighted = false }: BatchSpecs<In>): TracedBatch<In> {
  const x = declareInputs(trace, input) as In;
  const y = trace.input('y', target);
  return weighted ? { x, y, weights: trace.input(weightsInput, { shape: target.shape.slice(0, 1), dtype: 'f32' }) } : { x, y };
}

/** Applies the model to a batch and records loss and metric sums. @throws the typed errors of layers, loss and metrics */
export function recordObjective<In extends Value, Out extends Value>(
  objective: Objective<In, Out>,
  session: Session,
  batch: TracedBatch<In>,
): Recorded {
  const { trace } = session;
  const rows = batch.y.shape[0] ?? 0;
  if (objective.step !== undefined) {
    const { step, model } = objective;
    const apply = (x: In): Out => session.apply('', model, x);
    const given: unknown = step({ batch, apply, training: session.training });
    expectRecord(given, 'The step', 'a record { loss, metrics }');
    const { loss, metrics = {} }: Partial<StepResult> = given;
    expectTensor(loss, 'The step, as its loss,');
    expectTensors(metrics, 'The step, as its metrics,');
    const sums = Object.entries(metrics).flatMap(([name, value]) => Object.entries(sumsOfFigure(name, value, rows)));
    return { loss: reduceLoss(loss, rows), sums: Object.fromEntries(sums) };
  }
  const prediction = session.apply('', objective.model, batch.x);
  const loss = trace.within('loss', () => {
    const losses: unknown = applyLoss(objective.loss, prediction, batch.y);
    expectTensor(losses, 'The loss function');
    return reduceLoss(losses, rows, batch.weights);
  });
  const sums: Record<string, Tensor> = {};
  for (const [name, metric] of namedMetrics(objective.metrics)) {
    checkFigureName(name);
    const added: unknown = trace.within(`${metricPrefix}${name}`, () => metric.accumulate(prediction, batch.y));
    expectTensors(added, `The metric ${name}`);
    for (const [part, value] of Object.entries(added)) sums[`${metricPrefix}${name}/${part}`] = value;
  }
  return { loss, sums };
}

/** A loss, given as a record or as a function. */
export function applyLoss(loss: Loss | LossFunction, prediction: Tensor, target: Tensor): Tensor {
  return typeof loss === 'function' ? loss(prediction, target) : loss.apply(prediction, target);
}

/** Penalties of the rules, added up; undefined when there are none. */
export function recordPenalties(session: Session, rules: ReadonlyMap<string, ParameterRules>): Tensor | undefined {
  let total: Tensor | undefined;
  for (const [path, { regularizers }] of rules) {
    for (const regularizer of regularizers) {
      // A proximal step takes the place of the gradient: the penalty is reported, not differentiated.
      const parameter = readParameter(session, path);
      const penalty = session.trace.within(path, () =>
        regularizer.penalty(regularizer.proximal === undefined ? parameter : stopGradient(parameter)),
      );
      total = total === undefined ? penalty : add(total, penalty);
    }
  }
  return total;
}

/** Paths of the variables that are trained, in order of declaration. */
export function parametersOf(specs: ReadonlyMap<string, VariableSpec>): string[] {
  return [...specs].flatMap(([path, { role }]) => (role === 'parameter' ? [path] : []));
}

/** A parameter before the step. */
export function readParameter(session: Session, path: string): Tensor {
  return session.trace.readVariable(path, variableTensorSpec(session.declared.get(path)!));
}

/** Metrics under their names in the history: by kind, the second of a kind with a 2 behind it. */
export function namedMetrics(metrics: readonly AnyMetric[] = []): [name: string, metric: AnyMetric][] {
  const counts = new Map<string, number>();
  return metrics.map((metric) => {
    const count = (counts.get(metric.kind) ?? 0) + 1;
    counts.set(metric.kind, count);
    return [count === 1 ? metric.kind : `${metric.kind}${count}`, metric];
  });
}

/** The figures that added-up metric outputs mean. @param sums by output name, for any number of batches */
export function figuresOf(metrics: readonly AnyMetric[], sums: ReadonlyMap<string, NdArray>): Record<string, Figure> {
  const parts = new Map<string, Record<string, Figure>>();
  for (const [output, value] of sums) {
    const [name, part] = splitMetricOutput(output);
    parts.set(name, { ...parts.get(name), [part]: value.shape.length === 0 ? value.item() : value });
  }
  const byName = new Map<string, Pick<AnyMetric, 'result'>>(namedMetrics(metrics));
  return Object.fromEntries([...parts].map(([name, values]) => [name, (byName.get(name) ?? sampleMean).result(values)]));
}

/** Whether a program's output is a sum of a metric. */
export function isMetricOutput(name: string): boolean {
  return name.startsWith(metricPrefix);
}

/** Names of the metrics of a program, in order. */
export function metricsOf({ outputs }: Program): readonly string[] {
  const names = Object.keys(outputs)
    .filter(isMetricOutput)
    .map((output) => splitMetricOutput(output)[0]);
  return [...new Set(names)];
}

/** @throws ConfigError for a name that the history uses for something else */
function checkFigureName(name: string): void {
  const taken = ['loss', 'epoch', 'seconds', 'samplesPerSecond'];
  if (name === '' || name.includes('/') || taken.includes(name)) {
    throw new ConfigError(`A metric is named "${name}"; a name is not empty, has no slash and is none of ${taken.join(', ')}.`);
  }
}

function splitMetricOutput(output: string): [name: string, part: string] {
  const slash = output.lastIndexOf('/');
  return [output.slice(metricPrefix.length, slash), output.slice(slash + 1)];
}

/** The mean over the batch, every row times its weight: dividing by the rows, not by the weights, a row weighs alike in every batch. */
function reduceLoss(loss: Tensor, rows: number, weights?: Tensor): Tensor {
  if (loss.dtype !== 'f32') throw new DTypeError(`The loss is ${specText(loss)}; it must be f32.`);
  if (loss.shape.length === 0) {
    if (weights === undefined) return loss;
    throw new ShapeError(
      `The loss is f32[], already reduced, so the weights of the data cannot be applied; give f32[${rows}], one per sample.`,
    );
  }
  if (loss.shape.length === 1 && loss.shape[0] === rows) return mean(weights === undefined ? loss : mul(loss, weights));
  throw new ShapeError(
    `The loss is ${specText(loss)} for ${rows} samples; it must be f32[${rows}], one number per sample, or f32[], already reduced.`,
  );
}

function sumsOfFigure(name: string, value: Tensor, rows: number): Record<string, Tensor> {
  checkFigureName(name);
  const scalar = value.shape.length === 0;
  if (value.dtype !== 'f32' || !(scalar || (value.shape.length === 1 && value.shape[0] === rows))) {
    throw new ShapeError(
      `The metric "${name}" of the step is ${specText(value)}; it must be f32[${rows}], one number per sample, or f32[], their mean.`,
    );
  }
  const count = constant(full([], rows));
  return { [`${metricPrefix}${name}/sum`]: scalar ? value.mul(count) : sum(value), [`${metricPrefix}${name}/count`]: count };
}
