// Runs one layer on the float64 reference, forward and backward, in training or inference, with variables that tests can set.
import type { AnyLayer, Executable, Layer, NdArray, Program, Store, Tensor, TensorSpec, VariableSpec } from '@nn/core';
import { NdArray as HostArray, Session, constant, full, gradients, initialize, mul, newTrace, sizeOf, sum } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';

export interface LayerRunnerOptions {
  readonly training?: boolean;
  readonly seed?: number;
  /** Record the gradient of Σ upstream · y, with these weights of the outputs. */
  readonly upstream?: (outputs: number) => Float64Array;
}

/** What one run gave. */
export interface LayerRun {
  readonly y: NdArray;
  /** By variable path, and `x` unless it holds indices. */
  readonly gradients: Readonly<Record<string, NdArray>>;
}

/** A layer compiled for one input spec. */
export interface LayerRunner {
  readonly program: Program;
  readonly variables: ReadonlyMap<string, VariableSpec>;
  readonly store: Store;
  /** One run; a training run changes the store's buffers. */
  run(x: NdArray, step?: number): Promise<LayerRun>;
}

/** float64 numbers as an f32 array of the reference. */
export function array(data: Iterable<number>, shape: readonly number[]): NdArray {
  return new HostArray(Float64Array.from(data), shape, 'f32');
}

export async function layerRunner(layer: AnyLayer, input: TensorSpec, options: LayerRunnerOptions = {}): Promise<LayerRunner> {
  const { training = false, seed = 0, upstream } = options;
  const backend = referenceBackend();
  const { specs, variables } = initialize(layer, input, seed);
  const program = record(layer, input, { training, upstream, specs });
  const store = await backend.createStore(variables);
  const executable = await backend.compile(program);
  return {
    program,
    variables: specs,
    store,
    run: (x, step = 1) => runOnce(executable, store, { x, seed: full([], seed, 'i32'), step: full([], step, 'i32') }),
  };
}

/** One run of a layer with its starting variables. */
export async function applyLayer(layer: AnyLayer, x: NdArray, options?: LayerRunnerOptions): Promise<LayerRun> {
  return (await layerRunner(layer, x, options)).run(x);
}

interface Recording {
  readonly training: boolean;
  readonly upstream: LayerRunnerOptions['upstream'];
  readonly specs: ReadonlyMap<string, VariableSpec>;
}

function record(layer: AnyLayer, input: TensorSpec, { training, upstream, specs }: Recording): Program {
  const trace = newTrace();
  const session = new Session(trace, { training });
  const outputs = trace.run((): Record<string, Tensor> => {
    const x = trace.input('x', { shape: input.shape, dtype: input.dtype });
    const parameters = [...specs].filter(([, { role }]) => role === 'parameter');
    const read = parameters.map(([path, spec]) => [path, trace.readVariable(path, spec)] as const);
    // Indices have no gradient.
    const wrt = input.dtype === 'f32' ? [['x', x] as const, ...read] : read;
    const y = session.apply('', layer as Layer, x);
    if (upstream === undefined) return { y };
    const loss = sum(mul(y, constant(array(upstream(sizeOf(y.shape)), y.shape))));
    const found = gradients(
      loss,
      wrt.map(([, tensor]) => tensor),
    );
    return { y, ...Object.fromEntries(wrt.map(([name], index) => [`gradient/${name}`, found[index]!])) };
  });
  return trace.finish(outputs);
}

async function runOnce(executable: Executable, store: Store, given: Record<string, NdArray>): Promise<LayerRun> {
  const { inputs, outputs: names } = executable.program;
  const outputs = executable.run(store, Object.fromEntries(Object.entries(given).filter(([name]) => name in inputs)));
  const values = await Promise.all(Object.keys(names).map(async (name) => [name, await outputs.read(name)] as const));
  const gradientsOf = values.filter(([name]) => name !== 'y').map(([name, value]) => [name.slice('gradient/'.length), value] as const);
  return { y: values.find(([name]) => name === 'y')![1], gradients: Object.fromEntries(gradientsOf) };
}
