// A chain of layers.
import type { AnyLayer, Context, Layer, Options, Tensor, Value, VariableSpecs } from '@nn/core';
import { defineFactory } from '@nn/core';
import { layersInOrder, nameChildren } from './children.ts';

/**
 * Applies the layers one after the other. They are named by kind and ordinal: `dense1/kernel`, `batchNorm1/gamma`, `dense2/kernel`;
 * `named('hidden', dense(256))` pins a name. A layer object that stands in the chain twice has one set of variables.
 *
 * @throws ConfigError for what is no layer; TraceError when two layers are pinned to one name
 */
export const sequential = defineFactory('sequential', createSequential, rebuild);

function rebuild(options: Options, children: Readonly<Record<string, AnyLayer>>): Layer {
  return createSequential(...layersInOrder('sequential', options, children));
}

function createSequential<In extends Value = Tensor, Out extends Value = Tensor>(
  ...layers: readonly AnyLayer[]
): Layer<VariableSpecs, In, Out> {
  const { children, names, options } = nameChildren('sequential', layers);
  return Object.freeze({
    kind: 'sequential',
    options,
    children,
    withChildren: (others: Readonly<Record<string, AnyLayer>>) => rebuild(options, others),
    variables: () => ({}),
    apply: (x: In, context: Context): Out => {
      let value: Value = x;
      for (const name of names) value = context.call(name, children[name]!, value);
      return value as Out;
    },
  });
}
