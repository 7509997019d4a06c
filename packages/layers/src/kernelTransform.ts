// Kernel transforms: what stands between the kernel that a layer keeps and the kernel that it computes with.
import type { Context, Layer, Tensor } from '@nn/core';
import { ShapeError, sameShape, specText } from '@nn/core';
import { checkLayer } from './records.ts';

/** A layer over a kernel: `weightNorm()`, `dropConnect()`, or several of them as `sequential(weightNorm(), dropConnect())`. */
export type KernelTransform = Layer;

/** @throws ConfigError unless it is a layer or null, none */
export function checkKernelTransform(owner: string, transform: KernelTransform | null): void {
  if (transform !== null) checkLayer(owner, 'kernelTransform', transform);
}

/**
 * The kernel that a layer computes with, from its variable `kernel`. The transform is applied as a child named by its kind, so its
 * variables are `weightNorm/length` within the layer. @throws ShapeError when it changes the shape
 */
export function transformedKernel(context: Context, transform: KernelTransform | null): Tensor {
  const kernel = context.get('kernel');
  if (transform === null) return kernel;
  const transformed = context.call(transform.name ?? transform.kind, transform, kernel);
  if (!sameShape(transformed.shape, kernel.shape)) {
    throw new ShapeError(
      `The kernel transform ${transform.kind} gives ${specText(transformed)} for a kernel ${specText(kernel)}; it must keep the shape.`,
    );
  }
  return transformed;
}
