// What one layer gives for a batch of training, as a program.
import type { Program, Tensor, Value } from '@nn/core';
import { ConfigError, Session, didYouMean, isTensor, newTrace } from '@nn/core';
import type { BatchSpecs } from './objective.ts';
import { declareBatch, recordObjective } from './objective.ts';
import { withoutWrites } from './readOnly.ts';
import type { Objective } from './recipe.ts';

export type LayerOutputProgramOptions<In extends Value = Tensor, Out extends Value = Tensor> = Objective<In, Out> &
  BatchSpecs<In> & {
    /** Path of the layer, `''` for the whole model. */
    readonly layer: string;
  };

/**
 * Inputs as of `trainingProgram`, without the learning rate; output `y`. Layers do what they do in training, but nothing is written.
 * Where a custom step applies the model more than once, or the model the layer, it is the last result.
 *
 * @throws ConfigError for a path without a layer, or a layer that gives more than one tensor; the typed errors of model and loss
 */
export function layerOutputProgram<In extends Value = Tensor, Out extends Value = Tensor>(
  options: LayerOutputProgramOptions<In, Out>,
): Program {
  const trace = newTrace();
  const program = trace.run(() => {
    const session = new Session(trace, { training: true });
    recordObjective(options, session, declareBatch<In>(trace, options));
    return trace.finish({ y: tensorOf(session, options.layer) });
  });
  return withoutWrites(program);
}

function tensorOf({ layers, values }: Session, path: string): Tensor {
  if (!layers.has(path)) throw new ConfigError(`The model has no layer "${path}".${didYouMean(path, layers.keys())}`, 'config.unknown');
  const value = values.get(path);
  if (!isTensor(value)) throw new ConfigError(`The layer "${path}" gives more than one tensor; a layer inside of it may give one.`);
  return value;
}
