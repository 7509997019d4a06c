// What sets starting values from data: before the first step of a trainer, with the first batch it will train on.
import type { AnyLayer, NdArray, Options, VariableSpec } from '@nn/core';

/** A data-dependent start, given as `createTrainer({ prepare: [lsuv()] })`. */
export interface Preparation {
  readonly kind: string;
  readonly options: Options;
  /** Reads and writes variables of the model. What it throws, `fit` throws, all variables being as before. */
  prepare(start: StartingModel): Promise<void>;
}

/** A model between its initializers and its first step. */
export interface StartingModel {
  /** The layers by path, in the order in which they are first applied; the model itself is `''`. */
  readonly layers: ReadonlyMap<string, AnyLayer>;
  /** The variables of the model by path, in the order of the layers. */
  readonly variables: ReadonlyMap<string, VariableSpec>;
  /** Paths of the parameters that no rule freezes. */
  readonly trained: ReadonlySet<string>;
  /**
   * What a layer gives for the first batch, in training, with the variables as they are now. Running statistics stay as they are. Of a
   * layer that is applied more than once it is the last result.
   *
   * @throws ConfigError for a path without a layer, or a layer that gives more than one tensor
   */
  output(path: string): Promise<NdArray>;
  /** A copy of one variable. @throws ConfigError for an unknown path */
  read(path: string): Promise<NdArray>;
  /**
   * Replaces one variable. Those whose starting values follow from it (weight normalization's length, averages of weights) follow again,
   * unless they are written later themselves.
   * @throws ConfigError, ShapeError, DTypeError when path, shape or dtype is not the model's
   */
  write(path: string, value: NdArray): void;
  /** Says what did not stop the work and should be known. */
  warn(message: string): void;
}
