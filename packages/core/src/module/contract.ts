// The interfaces of layers, initializers and normalizers: plain records that are traced.
import type { DType, TensorSpec } from '../array/dtype.ts';
import type { NdArray } from '../array/ndarray.ts';
import type { Shape } from '../array/shape.ts';
import type { Tensor } from '../program/tensor.ts';
import type { Key } from '../rng/threefry.ts';

/** Connections into and out of one unit: what variance-scaling initializers divide by. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Options of a layer or initializer: plain data, initializers and layers allowed as values. */
export type Options = { readonly [name: string]: unknown };

/** Fills a new variable, on the host, so that the bits are the same for every backend. */
export interface Initializer {
  readonly kind: string;
  readonly options: Options;
  /** @param fans of the variable; null for variables that have none (biases, gamma, beta) */
  fill(shape: Shape, fans: Fans | null, key: Key): Float32Array;
}

/** A variable that follows from others at the start (weight normalization's length from its direction). */
export interface DerivedInitializer {
  /** Names of variables of the layer, or of those around it: the nearest one that has a variable of that name. */
  readonly from: readonly string[];
  fill(values: Readonly<Record<string, NdArray>>): NdArray;
}

/** A variable that a layer declares. Parameters are trained; buffers (running statistics) are remembered. */
export interface VariableSpec {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly role: 'parameter' | 'buffer';
  readonly fans?: Fans;
  readonly init: Initializer | DerivedInitializer;
}

/** The variables of a layer, by local name: `{ kernel, bias }`. */
export type VariableSpecs = Readonly<Record<string, VariableSpec>>;

/** What flows between layers. */
export type Value = Tensor | readonly Tensor[] | { readonly [name: string]: Tensor };

/** A {@link Value} with shapes and dtypes in place of tensors. */
export type Spec<V extends Value = Value> = V extends Tensor
  ? TensorSpec
  : V extends readonly Tensor[]
    ? readonly TensorSpec[]
    : { readonly [K in keyof V]: TensorSpec };

/**
 * A layer is a frozen record: its options are plain data, its children other layers, and `apply` records what it computes.
 * `V` are the variables it declares, `In` and `Out` what it takes and gives.
 */
export interface Layer<V extends VariableSpecs = VariableSpecs, In extends Value = Tensor, Out extends Value = Tensor> {
  /** Names it in paths (`dense1`) and in descriptions. */
  readonly kind: string;
  readonly options: Options;
  readonly children?: Readonly<Record<string, AnyLayer>>;
  /** Set by `named`: the name it has within its parent. */
  readonly name?: string;
  /** Set by `frozen`: it is applied as in inference, and neither it nor what it applies is trained. */
  readonly frozen?: boolean;
  /** Its variables for inputs of that shape. @throws ShapeError, ConfigError for inputs it cannot take. */
  variables(input: Spec<In>): V;
  /** Records its computation. */
  apply(input: In, context: Context<V>): Out;
  /** The same container over other layers, by the names of its `children`. Containers that have none stay whole in `mapLayers`. */
  withChildren?(children: Readonly<Record<string, AnyLayer>>): AnyLayer;
}

/** A layer of any variables and values, as containers hold it. Methods are bivariant, so every `Layer` is one. */
export type AnyLayer = Layer<VariableSpecs, Value, Value> | Layer;

/** What a layer may ask for while it is applied. */
export interface Context<V extends VariableSpecs = VariableSpecs> {
  readonly training: boolean;
  /** Path of the layer: `'block1/norm'`. */
  readonly path: string;
  /** A variable of this layer: its value before the run, or what `set` gave it earlier in this trace (without gradient). */
  get(name: keyof V & string): Tensor;
  /** The value a variable gets after the run. No gradient flows through it; a second `set` sees the first. */
  set(name: keyof V & string, value: Tensor): void;
  /** Uniform numbers in [0, 1): other ones for every layer, call, step and seed. */
  uniform(shape: Shape): Tensor;
  /** Applies a child under a name, which names its variables: `call('norm', batchNorm(), x)` has `norm/gamma`. */
  call<In extends Value, Out extends Value>(name: string, layer: Layer<VariableSpecs, In, Out>, input: In): Out;
  /** Marks a value for `activations(x, paths)` under `<path>/<name>`, and returns it. */
  tap(name: string, value: Tensor): Tensor;
}

/** A layer that rescales: what flows through (batchNorm, layerNorm) or a kernel (weightNorm). */
export interface Normalizer<V extends VariableSpecs = VariableSpecs> extends Layer<V> {
  readonly target: 'activation' | 'weight';
}
