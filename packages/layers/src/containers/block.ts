// A model that is no chain: any function of tensors that applies layers.
import type { Context, Layer, Tensor, Value, VariableSpecs } from '@nn/core';
import { ConfigError, defineFactory } from '@nn/core';

/** Applies a child under a name, which names its variables: `call('branch', inner, x)`. */
export type Call = Context['call'];

type Body<In extends Value, Out extends Value> = (x: In, call: Call, context: Context) => Out;

/**
 * A layer from a function: `block((x, call) => add(x, call('branch', inner, x)))`. Its children are known when it is
 * traced. The third parameter is the context, for what needs training, randomness or taps. A block holds code, which `describe` refuses.
 *
 * @throws ConfigError for what is no function; TraceError, when traced, for two layers under one name
 */
export const block = defineFactory('block', createBlock, ({ body }) => createBlock(body as Body<Tensor, Tensor>));

// First, because inside `sequential(block((x, call) => …))` the context would have x be any value.
function createBlock(body: Body<Tensor, Tensor>): Layer;
function createBlock<In extends Value, Out extends Value>(body: Body<In, Out>): Layer<VariableSpecs, In, Out>;
function createBlock<In extends Value, Out extends Value>(body: Body<In, Out>): Layer<VariableSpecs, In, Out> {
  if (typeof body !== 'function') throw new ConfigError('block takes a function (x, call) => …, which returns tensors.');
  return Object.freeze({
    kind: 'block',
    options: Object.freeze({ body }),
    variables: () => ({}),
    apply: (x: In, context: Context): Out => body(x, (name, layer, input) => context.call(name, layer, input), context),
  });
}
