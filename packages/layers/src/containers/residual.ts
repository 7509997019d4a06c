// A residual connection: a body beside a way around it.
import type { AnyLayer, Context, Layer, Options, Tensor } from '@nn/core';
import { ShapeError, add, defineFactory, sameShape, shapeText, specText } from '@nn/core';
import { layersInOrder, nameChildren } from './children.ts';

/**
 * body(x) + x, or body(x) + shortcut(x) where the body changes the shape. Children are named `body` and `shortcut`.
 * Source: He et al., "Deep Residual Learning" (2015).
 *
 * @throws ConfigError for what is no layer; ShapeError when the two sides differ in shape
 */
export const residual = defineFactory('residual', createResidual, rebuild);

function rebuild(options: Options, children: Readonly<Record<string, AnyLayer>>): Layer {
  const [body, shortcut] = layersInOrder('residual', options, children);
  return createResidual(body!, shortcut);
}

function createResidual(body: AnyLayer, shortcut?: AnyLayer): Layer {
  const { children, names, options } = nameChildren('residual', shortcut === undefined ? [body] : [body, shortcut], ['body', 'shortcut']);
  const [bodyName, shortcutName] = names as [string, string?];
  return Object.freeze({
    kind: 'residual',
    options,
    children,
    withChildren: (others: Readonly<Record<string, AnyLayer>>) => rebuild(options, others),
    variables: () => ({}),
    apply(x: Tensor, context: Context): Tensor {
      const y = context.call(bodyName, children[bodyName] as Layer, x);
      const around = shortcutName === undefined ? x : context.call(shortcutName, children[shortcutName] as Layer, x);
      if (!sameShape(y.shape, around.shape)) throw unequalError(y, around, shortcutName !== undefined);
      return add(y, around);
    },
  });
}

function unequalError(y: Tensor, around: Tensor, hasShortcut: boolean): ShapeError {
  const other = hasShortcut ? 'the shortcut' : 'the input';
  const features = y.shape.at(-1) ?? 1;
  const fits = sameShape(y.shape.slice(0, -1), around.shape.slice(0, -1));
  const hint =
    !fits || hasShortcut
      ? ' Both must have one shape.'
      : ` Give a shortcut that has ${shapeText(y.shape)} too: residual(body, dense(${features})).`;
  return new ShapeError(`residual: the body gives ${specText(y)}, but ${other} is ${specText(around)}.${hint}`);
}
