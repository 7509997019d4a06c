// The interfaces of training: losses, metrics, optimizers, gradient transforms and schedules.
import type { TensorSpec } from '../array/dtype.ts';
import type { NdArray } from '../array/ndarray.ts';
import type { Tensor } from '../program/tensor.ts';
import type { Context, Options, VariableSpecs } from './contract.ts';

/**
 * A loss per sample. The trainer takes the mean over the batch.
 * `target` is i32 [batch] for class indices, f32 [batch, classes] for soft labels, or f32 of the prediction's shape.
 */
export interface Loss {
  readonly kind: string;
  readonly options: Options;
  /** The smallest and the largest number that a target may hold; the trainer checks them before a device sees them. */
  readonly targetRange?: readonly [smallest: number, largest: number];
  /** @returns f32 [batch] @throws ShapeError, DTypeError when prediction and target do not fit */
  apply(prediction: Tensor, target: Tensor): Tensor;
}

/** A custom loss: as {@link Loss.apply}, or already reduced to a scalar. */
export type LossFunction = (prediction: Tensor, target: Tensor) => Tensor;

/** What a metric comes to: a number, or an array of them (a confusion matrix). */
export type Figure = number | NdArray;

/** A figure about predictions, as sums that add up over batches, so that a short batch weighs what it should. */
export interface Metric<Value extends Figure = number> {
  readonly kind: string;
  readonly options: Options;
  /** Sums over the batch, of shapes that do not depend on it. */
  accumulate(prediction: Tensor, target: Tensor): Readonly<Record<string, Tensor>>;
  /** The figure from the added sums: those of shape [] come as numbers, others as arrays of float64. */
  result(sums: Readonly<Record<string, Value>>): Value;
}

/** A metric whatever it comes to. Methods are bivariant, so every `Metric` is one. */
export type AnyMetric = Metric<Figure>;

/** Host scalars of a step, as inputs of the program (never baked in). */
export interface StepScalars {
  /** i32 []: 1 in the first step. */
  readonly step: Tensor;
  /** f32 [] */
  readonly learningRate: Tensor;
  /** f32 []: what each of the optimizer's `schedules` gives, by name; left out where it has none. */
  readonly scheduled?: Readonly<Record<string, Tensor>>;
}

/** An update rule for one parameter; its moments are variables like any other. */
export interface Optimizer<V extends VariableSpecs = VariableSpecs> {
  readonly kind: string;
  readonly options: Options;
  /** The learning rate of a step counted from 1, on the host. */
  readonly learningRate: number | Schedule;
  /** Other numbers that change from step to step, by name: a momentum. `update` gets them as `scheduled`. */
  readonly schedules?: Readonly<Record<string, Schedule>>;
  /** Slots kept for a parameter: `optimizer/<path>/<slot>`. */
  variables(parameter: TensorSpec): V;
  /** @returns the new value of the parameter */
  update(parameter: Tensor, gradient: Tensor, context: Context<V> & StepScalars): Tensor;
}

/** Acts on all gradients together, by parameter path: clipping by the global norm. */
export interface GradientTransform {
  readonly kind: string;
  readonly options: Options;
  apply(gradients: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>>;
}

/** A number of a step, counted from 1; evaluated on the host: a learning rate, a momentum. */
export type Schedule = (step: number) => number;

/** A penalty on a parameter, added to the loss: L1, L2, elastic net. */
export interface Regularizer {
  readonly kind: string;
  readonly options: Options;
  /** @returns f32 [] */
  penalty(parameter: Tensor): Tensor;
  /**
   * Takes the place of the penalty's gradient: applied to a parameter after its update, it gives the minimum over u of
   * learningRate · penalty(u) + ½‖u − parameter‖². The penalty is then part of the reported loss alone.
   */
  proximal?(parameter: Tensor, learningRate: Tensor): Tensor;
}

/** Projects a parameter after its update: maxNorm, unitNorm, nonNegative. */
export interface Constraint {
  readonly kind: string;
  readonly options: Options;
  apply(parameter: Tensor): Tensor;
}

/** What holds for the parameters whose path matches: regularizers, constraints, rates and freezing are one mechanism. */
export interface Rule {
  /** Glob over variable paths: `*` within a segment, `**` over segments. */
  readonly match: string;
  readonly regularizer?: Regularizer;
  readonly constraint?: Constraint;
  /** Factor on the learning rate. */
  readonly learningRate?: number;
  /** Not updated, no optimizer slots. */
  readonly frozen?: boolean;
}
