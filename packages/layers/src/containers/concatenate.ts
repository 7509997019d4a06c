// Branches side by side.
import type { AnyLayer, Context, Layer, Options, Tensor } from '@nn/core';
import { ConfigError, ShapeError, concat, defineFactory, sameShape, specText } from '@nn/core';
import { layersInOrder, nameChildren } from './children.ts';

/**
 * Applies every branch to x and joins what they give along the last axis, the features. Named by kind and ordinal: `dense1`, `dense2`.
 *
 * @throws ConfigError without branches; ShapeError when branches differ in more than the last axis
 */
export const concatenate = defineFactory('concatenate', createConcatenate, rebuild);

function rebuild(options: Options, children: Readonly<Record<string, AnyLayer>>): Layer {
  return createConcatenate(...layersInOrder('concatenate', options, children));
}

function createConcatenate(...branches: readonly AnyLayer[]): Layer {
  if (branches.length === 0) throw new ConfigError('concatenate takes one branch or more: concatenate(dense(8), dense(8)).');
  const { children, names, options } = nameChildren('concatenate', branches);
  return Object.freeze({
    kind: 'concatenate',
    options,
    children,
    withChildren: (others: Readonly<Record<string, AnyLayer>>) => rebuild(options, others),
    variables: () => ({}),
    apply(x: Tensor, context: Context): Tensor {
      const results = names.map((name) => context.call(name, children[name] as Layer, x));
      const [first] = results as [Tensor, ...Tensor[]];
      results.forEach((result, index) => {
        if (result.shape.length > 0 && sameShape(result.shape.slice(0, -1), first.shape.slice(0, -1))) return;
        throw new ShapeError(
          `concatenate: branch ${names[0]} gives ${specText(first)}, but branch ${names[index]} gives ${specText(result)}; all but the last axis must be equal.`,
        );
      });
      return concat(results, -1);
    },
  });
}
