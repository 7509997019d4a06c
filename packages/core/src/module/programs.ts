// `inferenceProgram`: the only builder of programs that run a model forward.
import type { TensorSpec } from '../array/dtype.ts';
import { ConfigError } from '../errors/errors.ts';
import { didYouMean } from '../errors/suggest.ts';
import { newTrace } from '../ops/trace.ts';
import type { Program } from '../program/program.ts';
import type { Tensor } from '../program/tensor.ts';
import { Session } from './context.ts';
import type { AnyLayer, Layer, Value, VariableSpecs } from './contract.ts';
import { declareInputs } from './initialize.ts';
import type { Structure } from './value.ts';
import { isTensor, partsOf } from './value.ts';

/** Prefix of the outputs that hold activations: `activation/dense1`. */
export const activationPrefix = 'activation';

export interface InferenceProgramOptions {
  readonly model: AnyLayer;
  /** Specs of the input, batch axis included. */
  readonly input: Structure<TensorSpec>;
  /** Paths of layers or taps whose values become outputs `activation/<path>`. */
  readonly activations?: readonly string[];
  /** Instructions remember the user's source lines. */
  readonly debug?: boolean;
}

/**
 * The program of a model in inference. Inputs `x` (`x/0`, `x/image` for tuples and records) and, where the model draws random
 * numbers, i32 [] `seed` and `step`; outputs `y` likewise. It writes no variable.
 * @throws ConfigError for an activation path that does not exist, and the typed errors of the layers
 */
export function inferenceProgram({ model, input, activations = [], debug = false }: InferenceProgramOptions): Program {
  const trace = newTrace({ debug });
  const session = new Session(trace, { training: false });
  const output = trace.run(() => session.apply('', model as Layer<VariableSpecs, Value, Value>, declareInputs(trace, input)));
  const outputs = Object.fromEntries(valueParts(output, 'y'));
  for (const path of activations) {
    const value = session.values.get(path);
    if (value === undefined) {
      throw new ConfigError(`The model has no layer or tap "${path}".${didYouMean(path, session.values.keys())}`, 'config.unknown');
    }
    Object.assign(outputs, Object.fromEntries(valueParts(value, `${activationPrefix}/${path}`)));
  }
  return trace.finish(outputs);
}

/** The tensors of a value by name. */
export function valueParts(value: Value, prefix: string): [name: string, tensor: Tensor][] {
  return partsOf<Tensor>(value, prefix, isTensor);
}
