// Kernel transforms: what stands between the kernel that a layer keeps and the kernel that it computes with.
import type { Context, ForeignNames, Layer, Tensor } from '@nn/core';
import { ShapeError, reshape, sameShape, specText, stretchTo } from '@nn/core';
import { checkLayer } from '../records.ts';

/** A layer over a kernel: `weightNorm()`, `dropConnect()`, or several of them as `sequential(weightNorm(), dropConnect())`. */
export interface KernelTransform extends Layer {
  /**
   * The layer that makes a kernel for each sample, where it is to be so. It is applied to the kernel with the samples as a first axis,
   * f32 [samples, …kernel]; undefined where one kernel serves all.
   */
  readonly perSample?: (context: Context) => Layer | undefined;
}

/** What layers with a kernel have in other libraries, and where it is here. */
export const foreignKernelNames: ForeignNames = {
  activation: 'It is a layer of its own, behind this one: relu().',
  inputShape: 'createNetwork and createTrainer have the input.',
  kernelConstraint: "A rule of the trainer has it: { match: '**/kernel', constraint: maxNorm(3) }.",
  kernelRegularizer: "A rule of the trainer has it: { match: '**/kernel', regularizer: l2(1e-4) }.",
  name: 'Write named(name, layer).',
  trainable: 'Write frozen(layer).',
  useBias: 'Give bias.',
};

/** @throws ConfigError unless it is a layer or null, none */
export function checkKernelTransform(owner: string, transform: KernelTransform | null): void {
  if (transform !== null) checkLayer(owner, 'kernelTransform', transform);
}

/**
 * The kernel that a layer computes with, from its variable `kernel`: of its shape, or [samples, …] with one for each sample. The transform
 * is applied as a child named by its kind, so its variables are `weightNorm/length` within the layer.
 *
 * @param samples rows of the input; without them there is one kernel for all
 * @throws ShapeError when the transform changes the shape
 */
export function transformedKernel(context: Context, transform: KernelTransform | null, samples?: number): Tensor {
  const kernel = context.get('kernel');
  if (transform === null) return kernel;
  const each = samples === undefined ? undefined : transform.perSample?.(context);
  const given = each === undefined ? kernel : stretchTo(reshape(kernel, [1, ...kernel.shape]), [samples!, ...kernel.shape]);
  const transformed = context.call(transform.name ?? transform.kind, each ?? transform, given);
  if (!sameShape(transformed.shape, given.shape)) {
    throw new ShapeError(
      `The kernel transform ${transform.kind} gives ${specText(transformed)} for a kernel ${specText(given)}; it must keep the shape.`,
    );
  }
  return transformed;
}
