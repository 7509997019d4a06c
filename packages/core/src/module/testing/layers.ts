// Small layers for core's own tests; the real ones are in @nn/layers.
import { add, mul } from '../../ops/elementwise.ts';
import { linear } from '../../ops/composites/linear.ts';
import { mean } from '../../ops/reductions.ts';
import type { Tensor } from '../../program/tensor.ts';
import { fillUniform } from '../../rng/threefry.ts';
import type { AnyLayer, Initializer, Layer, VariableSpec } from '../contract.ts';
import type { Factory } from '../factory.ts';
import { defineFactory } from '../factory.ts';

/** Uniform numbers in [0, 1): enough to tell streams apart. */
export const uniformInitializer: Factory<() => Initializer> = defineFactory(
  'uniform01',
  (): Initializer => ({
    kind: 'uniform01',
    options: {},
    fill(shape, _fans, key) {
      const values = new Float32Array(shape.reduce((size, extent) => size * extent, 1));
      fillUniform(key, values);
      return values;
    },
  }),
  () => uniformInitializer(),
);

export function parameter(...shape: number[]): VariableSpec {
  return { shape, dtype: 'f32', role: 'parameter', init: uniformInitializer() };
}

/** x · kernel */
export const project: Factory<(units: number) => Layer<{ kernel: VariableSpec }>> = defineFactory(
  'project',
  (units: number): Layer<{ kernel: VariableSpec }> => ({
    kind: 'project',
    options: { units, initializer: uniformInitializer() },
    variables: ({ shape }) => ({ kernel: parameter(shape[1]!, units) }),
    apply: (x, context) => linear(x, context.get('kernel')),
  }),
  ({ units }) => project(units as number),
);

/** Remembers a running mean per feature and subtracts it. */
export function centering(): Layer<{ runningMean: VariableSpec }> {
  return {
    kind: 'centering',
    options: {},
    variables: ({ shape }) => ({ runningMean: { shape: [shape[1]!], dtype: 'f32', role: 'buffer', init: uniformInitializer() } }),
    apply(x, context) {
      if (context.training) context.set('runningMean', mean(x, 0));
      return add(x, mul(context.get('runningMean'), -1));
    },
  };
}

/** x times uniform numbers, twice. */
export function noise(): Layer {
  return {
    kind: 'noise',
    options: {},
    variables: () => ({}),
    apply: (x, context) => mul(mul(x, context.uniform(x.shape)), context.uniform(x.shape)),
  };
}

/** Applies named children in turn. */
export const chain: Factory<(children: Readonly<Record<string, AnyLayer>>) => Layer> = defineFactory(
  'chain',
  (children: Readonly<Record<string, AnyLayer>>): Layer => ({
    kind: 'chain',
    options: {},
    children,
    variables: () => ({}),
    apply: (x, context) => Object.entries(children).reduce<Tensor>((value, [name, child]) => context.call(name, child as Layer, value), x),
    withChildren: (others) => chain(others),
  }),
  (_options, children) => chain(children),
);
