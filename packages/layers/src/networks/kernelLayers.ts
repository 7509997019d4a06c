// The layers that have a kernel with the output channels last, and a bias: what can be made again with other options.
import type { AnyLayer, Layer, Options } from '@nn/core';
import { conv2d } from '../images/conv2d.ts';
import { dense } from '../dense/dense.ts';

interface KernelLayerFactory {
  readonly rebuild: (options: Options, children: Readonly<Record<string, AnyLayer>>) => Layer;
}

const factories: Readonly<Record<string, KernelLayerFactory>> = { dense, conv2d };

/** The factory of such a layer; undefined for another one. */
export function kernelLayer({ kind }: AnyLayer): KernelLayerFactory | undefined {
  return Object.hasOwn(factories, kind) ? factories[kind] : undefined;
}
