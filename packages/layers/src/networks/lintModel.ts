// Linting: settings of a model that work against each other, found without running it.
import type { AnyLayer, InputSpec } from '@nn/core';
import { batchedSpec, checkInteger, modelShape, resolveOptions, walkLayers } from '@nn/core';
import { isChannelNormalizer } from '../normalization/channelNormalizer.ts';
import type { Link } from './chains.ts';
import { rewriteChains } from './chains.ts';
import { kernelLayer } from './kernelLayers.ts';
import { normalizerOfLastAxis } from './networkParts.ts';

/** What a finding is about. */
export type FindingCode =
  | 'bias-before-normalization'
  | 'dropout-before-batch-normalization'
  | 'small-batch'
  | 'constant-kernel'
  | 'kernel-transform-as-layer';

/** Something about a model that is legal and hardly meant. */
export interface Finding {
  readonly code: FindingCode;
  /** Path of the layer. */
  readonly path: string;
  readonly message: string;
}

export interface LintOptions {
  /** What one sample looks like, without the batch axis. */
  readonly input: InputSpec;
  /** Rows of a training batch, if they are known. */
  readonly batchSize?: number;
}

/** What a layer takes as its kernelTransform: `weightNorm` looks for a kernel, `dropConnect` drops whatever it is given. */
const kernelTransforms: ReadonlySet<string> = new Set(['weightNorm', 'dropConnect']);

/** Below this many rows the moments of a batch say little about the data (lectures 000 and 001: "poor for small batches"). */
const smallBatch = 8;

/**
 * What is hardly meant in a model: a bias that the normalization behind it takes away (lecture 004), dropout right before a batch
 * normalization (its variance in training is not that of inference), batches that are too small for batch normalization (lectures 000,
 * 001), kernels that start with one number everywhere, whose units stay equal (lecture 002), transforms of kernels that stand among the
 * layers. Layers in a `block` are not seen.
 *
 * @throws ConfigError for options that are missing, unknown or out of range; the typed errors of the layers for an input that they cannot take
 */
export function lintModel(model: AnyLayer, options: LintOptions): readonly Finding[] {
  resolveOptions<Readonly<Record<keyof LintOptions, unknown>>>('lintModel', options, { input: undefined, batchSize: undefined });
  const { input, batchSize } = options;
  if (batchSize !== undefined) checkInteger('lintModel', 'batchSize', batchSize, { from: 1 });
  const { layers } = modelShape(model, batchedSpec(input, 1));
  const findings: Finding[] = [];
  rewriteChains(model, (links) => {
    links.forEach((link, index) => {
      const next = links[index + 1];
      if (next !== undefined) findings.push(...aboutNeighbours(link, next, layers.get(link.path)?.output));
    });
    return links;
  });
  for (const { path, layer } of walkLayers(model)) findings.push(...aboutLayer({ path, layer }, batchSize));
  return findings;
}

function aboutNeighbours(link: Link, next: Link, between: Parameters<typeof normalizerOfLastAxis>[1]): Finding[] {
  const { path, layer } = link;
  if (layer.kind.endsWith('ropout') && isChannelNormalizer(next.layer)) {
    const message = `${layer.kind} right before ${next.layer.kind} "${next.path}": what is dropped changes the variance in training alone. Put it behind.`;
    return [{ code: 'dropout-before-batch-normalization', path, message }];
  }
  const norm = normalizerOfLastAxis(next, between);
  if (kernelLayer(layer) === undefined || layer.options['bias'] !== true || norm?.layer.subtractsAnyBias !== true) return [];
  const message = `its bias does nothing: "${next.path}" subtracts it again. Make it with bias: false.`;
  return [{ code: 'bias-before-normalization', path, message }];
}

function aboutLayer({ path, layer }: Link, batchSize: number | undefined): Finding[] {
  const findings: Finding[] = [];
  if (batchSize !== undefined && batchSize < smallBatch && isChannelNormalizer(layer) && layer.kind !== 'instanceNorm') {
    const message = `batches of ${batchSize} give ${layer.kind} poor moments. Take ${smallBatch} rows or more, or layerNorm() or groupNorm().`;
    findings.push({ code: 'small-batch', path, message });
  }
  const kernel = layer.options['kernelInitializer'] as { readonly kind: string } | undefined;
  if (kernel !== undefined && ['zeros', 'ones', 'constant'].includes(kernel.kind)) {
    const message = `its kernel starts with one number everywhere (${kernel.kind}), so all units stay equal. Take heNormal(), glorotUniform(), ….`;
    findings.push({ code: 'constant-kernel', path, message });
  }
  if (kernelTransforms.has(layer.kind)) {
    const message = `${layer.kind} is for kernels, and here it is given values: write dense(10, { kernelTransform: ${layer.kind}() }).`;
    findings.push({ code: 'kernel-transform-as-layer', path, message });
  }
  return findings;
}
