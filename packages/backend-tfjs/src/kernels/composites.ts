// The composites that a device of TensorFlow.js has a kernel for, and the calls for which that is right. All others are decomposed.
import type { Backend, CompositeAttrs, CompositeName, Instr, Kernel, TensorSpec } from '@nn/core';
import { sizeOf } from '@nn/core';
import type { Cell } from '../device/cell.ts';
import type { Runtime } from '../device/runtime.ts';
import type { DeviceName } from '../vendor/contract.ts';
import { conv2d, conv2dInputGradient, conv2dKernelGradient, isPlainConvolution } from './convolution.ts';
import { deviceKernel } from './kernel.ts';
import type { Prepare } from './kernel.ts';
import { linear } from './linear.ts';

interface CompositeKernel<A> {
  readonly prepare: Prepare<A>;
  readonly devices: readonly DeviceName[];
  readonly takes: (instr: Instr, slots: readonly TensorSpec[]) => boolean;
}

const everywhere: readonly DeviceName[] = ['cpu', 'wasm', 'webgl', 'webgpu'];

const table: { readonly [N in CompositeName]?: CompositeKernel<CompositeAttrs[N]> } = {
  linear: {
    prepare: linear,
    // On the CPU it would be two kernels, and the bias joins what follows.
    devices: ['wasm', 'webgl', 'webgpu'],
    takes: ({ in: read }, slots) => read.every((slot) => sizeOf(slots[slot]!.shape) > 0),
  },
  conv2d: { prepare: conv2d, devices: everywhere, takes: isPlainConvolution },
  conv2dInputGradient: { prepare: conv2dInputGradient, devices: everywhere, takes: isPlainConvolution },
  conv2dKernelGradient: { prepare: conv2dKernelGradient, devices: ['cpu', 'webgl', 'webgpu'], takes: isPlainConvolution },
};

const entryOf = (op: string): CompositeKernel<never> | undefined =>
  Object.hasOwn(table, op) ? (table as Readonly<Record<string, CompositeKernel<never>>>)[op] : undefined;

type CompositeKernels = { readonly [N in CompositeName]?: Kernel<Cell, CompositeAttrs[N]> };

/** Those of a device. */
export function compositeKernels(runtime: Runtime): CompositeKernels {
  const kept = Object.entries(table as Readonly<Record<string, CompositeKernel<never>>>).filter(([, { devices }]) =>
    devices.includes(runtime.name),
  );
  return Object.fromEntries(kept.map(([name, { prepare }]) => [name, deviceKernel(runtime, prepare)]));
}

/** Whether the kernel of a composite is right for a call. */
export const keepsComposite: Backend['keeps'] = (instr, slots) => entryOf(instr.op)?.takes(instr, slots) ?? false;
