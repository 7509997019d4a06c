// `map`: every expression becomes a function of its own in WebAssembly.
import { scalar, sizeOf } from '@nn/core';
import type { EmittedModule, WasmKernel } from '../command.ts';
import { compileMaps, KernelCache } from '../emit/compile.ts';

export interface MapOptions {
  /** Use relaxed SIMD instructions. */
  readonly relaxed: boolean;
}

/** Kernels for maps. Functions are made once for all programs: those that differ in extents alone share one. */
export function mapKernel({ relaxed }: MapOptions): WasmKernel<'map'> {
  const cache = new KernelCache();
  const modules = new Map<string, EmittedModule>();
  return ({ attrs: { expression }, inputs, outputs }) => {
    const output = outputs[0]!;
    const size = sizeOf(output.shape);
    if (size === 0) return { commands: [] };
    const { bytes, kernels } = compileMaps([{ expression, inputs, output }], { cache, relaxed });
    const { exportName: name, argumentBytes, writeArguments } = kernels[0]!;
    if (bytes !== undefined) modules.set(name, { bytes, exports: [name] });
    const block = new DataView(new ArrayBuffer(argumentBytes));
    return {
      commands: [
        {
          kernel: { module: modules.get(name)!, name },
          words: (pointers) => {
            writeArguments(block, pointers);
            return Array.from({ length: argumentBytes / 4 }, (_, word) => block.getInt32(4 * word, true));
          },
          work: size * (0.2 + 0.1 * scalar.linearize(expression).steps.length),
        },
      ],
    };
  };
}
