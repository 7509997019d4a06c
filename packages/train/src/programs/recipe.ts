// What a training program is made of: the model and how it is trained, without data, backend or numbers.
import type { AnyMetric, GradientTransform, Layer, Loss, LossFunction, Optimizer, Rule, Tensor, Value, VariableSpecs } from '@nn/core';
import type { WeightAverage } from '../averaging/weightAverage.ts';

/** A batch inside of a program. */
export interface TracedBatch<In extends Value = Tensor> {
  readonly x: In;
  readonly y: Tensor;
  /** Weights of the rows, f32 [batch], where the data have them. A custom step applies them itself. */
  readonly weights?: Tensor;
}

/** What a custom step is given. */
export interface StepCall<In extends Value = Tensor, Out extends Value = Tensor> {
  readonly batch: TracedBatch<In>;
  /** The model. It may be applied several times; its variables are the same ones. */
  apply(x: In): Out;
  /** False in evaluation, where the same step says what the loss is. */
  readonly training: boolean;
}

/** What a custom step gives. */
export interface StepResult {
  /** f32 [batch] (the mean is taken) or [] */
  readonly loss: Tensor;
  /** Figures for the history by name: f32 [batch], or [] for a mean over the batch. */
  readonly metrics?: Readonly<Record<string, Tensor>>;
}

/** A step written out: from a batch to the loss that is differentiated. */
export type StepFunction<In extends Value = Tensor, Out extends Value = Tensor> = (call: StepCall<In, Out>) => StepResult;

/** A model that is judged by a loss of its prediction, or by a step that says itself what the loss is. */
export type Objective<In extends Value = Tensor, Out extends Value = Tensor> =
  | {
      readonly model: Layer<VariableSpecs, In>;
      /** `softmaxCrossEntropy()`, or any function of prediction and target that gives f32 [batch] or []. */
      readonly loss: Loss | LossFunction;
      readonly metrics?: readonly AnyMetric[];
      readonly step?: never;
    }
  | {
      readonly model: Layer<VariableSpecs, In, Out>;
      readonly step: StepFunction<In, Out>;
      readonly loss?: never;
      readonly metrics?: never;
    };

/** An objective, and how the parameters follow from its gradients. */
export type Recipe<In extends Value = Tensor, Out extends Value = Tensor> = Objective<In, Out> & {
  readonly optimizer: Optimizer;
  /** Regularizers, constraints, rate factors and freezing, by path. */
  readonly rules?: readonly Rule[];
  /** Applied to all gradients together, in order, before the optimizer: `[clipByNorm(1)]`. */
  readonly gradientTransforms?: readonly GradientTransform[];
  /**
   * How many batches share one update, for the effect of a batch that memory has no room for: their gradients are averaged, and the
   * parameters stay until the last of them (1). Schedules and the step that optimizers see count updates then.
   */
  readonly gradientAccumulation?: number;
  /** Keeps an average of the parameters beside them, with which `evaluate`, `predict` and validation work: `exponentialAverage()`. */
  readonly weightAverage?: WeightAverage;
  /**
   * What a step does whose loss or gradient norm is not finite: `'error'` (default) writes what came out, for the trainer to undo;
   * `'skip'` leaves every variable as it was, for which the gradients stay in memory until their norm is known. The step does not count
   * then: schedules, bias corrections and random numbers go on as if its batch had not been there, for which the trainer waits for every
   * step before it begins the next.
   */
  readonly onNonFinite?: 'error' | 'skip';
};
