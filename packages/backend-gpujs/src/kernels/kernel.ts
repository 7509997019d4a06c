// What a kernel of this backend is.
import type { Kernel, PrimitiveAttrs } from '@nn/core';
import type { Cell } from '../runtime/cell.ts';
import type { GpuStep } from '../source/stage.ts';
import type { Target } from '../source/target.ts';

/** The kernel of a primitive, for a mode. */
export type GpuKernel<Name extends keyof PrimitiveAttrs> = (target: Target) => Kernel<Cell, PrimitiveAttrs[Name], GpuStep>;
