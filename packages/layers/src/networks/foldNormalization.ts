// Folding: a network for inference without its normalizations, whose factors go into the kernels before them.
import type { AnyLayer, Context, Layer, NdArray, Network, Tensor, Value, VariableSpecs } from '@nn/core';
import { ConfigError, Session, constant, elementwise, full, joinPath, mul, newTrace, scalar } from '@nn/core';
import type { ChannelNormalizer } from '../normalization/channelNormalizer.ts';
import type { Link } from './chains.ts';
import { markedAs, rewriteChains } from './chains.ts';
import { kernelLayer } from './kernelLayers.ts';
import type { KernelTransform } from '../dense/kernelTransform.ts';
import { transformedKernel } from '../dense/kernelTransform.ts';
import type { ModelWithVariables } from './networkParts.ts';
import { layerShapes, normalizerOfLastAxis, ownVariables, valuesOf } from './networkParts.ts';

/**
 * A model that predicts what the network predicts, with fewer steps: a batch normalization after a dense layer or a convolution goes into
 * its kernel and bias, W' = W · γ / √(σ² + ε) and b' = (b − μ) · γ / √(σ² + ε) + β, with the remembered μ and σ²; a kernel transform
 * (weightNorm) becomes the kernel that it gives. What follows a layer in a `sequential` is folded into it; other normalizations stay.
 * The folded model is for inference: it no longer adapts to batches. It subtracts the mean after the sums and not before, which costs
 * digits where inputs have a mean that is large against their deviation. The network is not changed.
 *
 * ```js
 * const { model, variables } = await foldNormalization(network);
 * const folded = await createNetwork({ model, variables, input: network.input, backend: network.backend });
 * ```
 *
 * @throws ConfigError for a kernel transform that is random in inference
 */
export async function foldNormalization(network: Network): Promise<ModelWithVariables> {
  const shapes = layerShapes(network);
  const folds: Fold[] = [];
  const { model, pathOf } = rewriteChains(network.model, (links, fixed) => {
    const kept: Link[] = [];
    for (let index = 0; index < links.length; index++) {
      const [link, next] = [links[index]!, links[index + 1]];
      const factory = fixed.has(link.path) ? undefined : kernelLayer(link.layer);
      const norm = next === undefined || fixed.has(next.path) ? undefined : normalizerOfLastAxis(next, shapes.get(link.path));
      const transform = factory === undefined ? null : transformOf(link.layer);
      if (factory === undefined || (norm === undefined && transform === null)) {
        kept.push(link);
        continue;
      }
      const bias = link.layer.options['bias'] === true;
      const options = { ...link.layer.options, kernelTransform: null, bias: bias || norm !== undefined };
      kept.push({ path: link.path, layer: markedAs(link.layer, factory.rebuild(options, {})) });
      folds.push({ path: link.path, transform, bias, norm });
      if (norm !== undefined) index++;
    }
    return kept;
  });
  const folded = await foldedArrays(network, folds);
  const untouched = network.variables().filter(({ path }) => !folds.some((fold) => path.startsWith(`${fold.path}/`)));
  const values = await valuesOf(
    network,
    untouched.map(({ path }) => path),
  );
  const variables: Record<string, NdArray> = {};
  for (const [path, value] of [...Object.entries(values), ...folded]) {
    const moved = pathOf(path);
    if (moved !== undefined) variables[moved] = value;
  }
  return { model, variables };
}

function transformOf({ options }: AnyLayer): KernelTransform | null {
  return options['kernelTransform'] as KernelTransform | null;
}

/** A layer with a kernel that changes. */
interface Fold {
  readonly path: string;
  readonly transform: KernelTransform | null;
  readonly bias: boolean;
  /** The normalization behind it that goes into it. */
  readonly norm: { readonly path: string; readonly layer: ChannelNormalizer } | undefined;
}

/** The new kernels and biases by their old paths. One program computes them, on the network's backend. */
async function foldedArrays(network: Network, folds: readonly Fold[]): Promise<Map<string, NdArray>> {
  if (folds.length === 0) return new Map();
  const trace = newTrace();
  const session = new Session(trace, { training: false });
  const program = trace.finish(
    trace.run(() => Object.assign({}, ...folds.map((fold) => recordFold(session, network, fold))) as Record<string, Tensor>),
  );
  if (Object.keys(program.inputs).length > 0) {
    throw new ConfigError('A kernel transform of the network is random in inference as well, so there is no one kernel to fold.');
  }
  const { backend } = network;
  const store = await backend.createStore(await valuesOf(network, Object.keys(program.variables)));
  const executable = await backend.compile(program);
  try {
    const run = executable.run(store, {});
    return new Map(await Promise.all(Object.keys(program.outputs).map(async (name) => [name, await run.read(name)] as const)));
  } finally {
    await executable.dispose();
    await store.dispose();
  }
}

/** The kernel and the bias after a fold, by their paths. */
function recordFold(session: Session, network: Network, { path, transform, bias, norm }: Fold): Record<string, Tensor> {
  const read = <Out extends Value>(layer: string, from: (context: Context) => Out): Out => {
    const probe: Layer<VariableSpecs, Tensor, Out> = {
      kind: 'probe',
      options: {},
      variables: () => ownVariables(network, layer),
      apply: (_x, context) => from(context),
    };
    return session.apply(layer, probe, constant(full([], 0)));
  };
  const kernel = read(path, (context) => ({
    kernel: transformedKernel(context, transform),
    ...(bias ? { bias: context.get('bias') } : {}),
  }));
  const [kernelPath, biasPath] = [joinPath(path, 'kernel'), joinPath(path, 'bias')];
  if (norm === undefined) return { [kernelPath]: kernel.kernel, ...(kernel.bias === undefined ? {} : { [biasPath]: kernel.bias }) };
  const map = read(norm.path, (context) => ({ ...norm.layer.channelMap(context) }));
  const shifted = elementwise(
    (b, mean, scale, shift) => scalar.add(scalar.mul(scalar.sub(b, mean), scale), shift),
    kernel.bias ?? 0,
    map.mean,
    map.scale,
    map.shift,
  );
  return { [kernelPath]: mul(kernel.kernel, map.scale), [biasPath]: shifted };
}
