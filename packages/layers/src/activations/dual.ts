// Functions without variables that serve twice: `relu()` is a layer, `relu(tensor)` records it on a tensor.
import type { Factory, Layer, Options, Tensor } from '@nn/core';
import { NdArray, TraceError, defineFactory, isTensor, resolveOptions } from '@nn/core';

/** `f(options)` makes a layer, `f(x, options)` applies it to a tensor of the current trace. */
export interface Dual<Given extends Options> {
  (options?: Given): Layer;
  (x: Tensor, options: Given): Tensor;
  // Last, because inference from an overloaded function (`run(backend, relu, x)`) takes the last signature.
  (x: Tensor): Tensor;
}

/** A factory of layers that is a function of tensors as well. */
export type DualFactory<Given extends Options> = Factory<Dual<Given>, Layer>;

/** Options as they are given: any of those resolved. A function without options takes none, not anything. */
export type GivenOptions<Resolved extends Options> = keyof Resolved extends never ? Readonly<Record<string, never>> : Partial<Resolved>;

/** What a {@link Dual} does. */
export interface DualDefinition<Resolved extends Options> {
  readonly defaults: Resolved;
  /** @throws ConfigError for options out of range */
  check(options: Resolved): void;
  /** Records the function on a tensor. */
  record(x: Tensor, options: Resolved): Tensor;
}

/** A factory of both kinds. Its errors: ConfigError for unknown options and those `check` refuses, TraceError for a host array. */
export function dual<Resolved extends Options>(kind: string, definition: DualDefinition<Resolved>): DualFactory<GivenOptions<Resolved>> {
  type Given = GivenOptions<Resolved>;
  const resolve = (given: Given): Resolved => {
    const options = resolveOptions<Resolved>(kind, given as Partial<Resolved>, definition.defaults);
    definition.check(options);
    return Object.freeze(options);
  };

  const none = {} as Given;
  function create(options?: Given): Layer;
  function create(x: Tensor, options?: Given): Tensor;
  function create(first: Tensor | Given = none, second: Given = none): Layer | Tensor {
    if (isTensor(first)) return definition.record(first, resolve(second));
    refuseHostArray(kind, first);
    const options = resolve(first);
    return Object.freeze<Layer>({
      kind,
      options,
      variables: () => ({}),
      apply: (x) => definition.record(x, options),
    });
  }
  return defineFactory<Dual<Given>, Layer>(kind, create, (options) => create(options as Given));
}

function refuseHostArray(kind: string, value: unknown): void {
  if (value instanceof NdArray || Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw new TraceError(`${kind} was given an array on the host. It takes tensors of a trace: compute with run(backend, ${kind}, array).`);
  }
}
