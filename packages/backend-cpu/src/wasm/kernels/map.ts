// `map`: every expression becomes a function of its own in WebAssembly.
import { scalar, sizeOf } from '@nn/core';
import type { EmittedModule, WasmCommand, WasmKernel } from '../command.ts';
import { compileMapGroups, KernelCache } from '../emit/compile.ts';
import type { MapGroup } from '../emit/group.ts';
import { groupOf } from '../emit/group.ts';

export interface MapOptions {
  /** Use relaxed SIMD instructions. */
  readonly relaxed: boolean;
}

/** Kernels for maps. Functions are made once for all programs: those that differ in extents alone share one. */
export function mapKernel({ relaxed }: MapOptions): WasmKernel<'map'> {
  const cache = new KernelCache();
  const modules = new Map<string, EmittedModule>();
  const compile = (group: MapGroup): WasmCommand => {
    const { bytes, kernels } = compileMapGroups([group], { cache, relaxed });
    const { exportName: name, argumentBytes, writeArguments } = kernels[0]!;
    if (bytes !== undefined) modules.set(name, { bytes, exports: [name] });
    const block = new DataView(new ArrayBuffer(argumentBytes));
    return {
      kernel: { module: modules.get(name)!, name },
      words: (pointers) => {
        writeArguments(block, pointers);
        return Array.from({ length: argumentBytes / 4 }, (_, word) => block.getInt32(4 * word, true));
      },
      work: sizeOf(group.shape) * group.outputs.reduce((sum, output) => sum + 0.2 + 0.1 * scalar.linearize(output).steps.length, 0),
    };
  };
  return ({ attrs: { expression }, inputs, outputs }) => {
    const call = { expression, inputs, output: outputs[0]! };
    if (sizeOf(call.output.shape) === 0) return { commands: [] };
    return {
      map: { ...call, compile },
      // Asked for only where the map stays alone.
      get commands() {
        return [compile(groupOf(call))];
      },
    };
  };
}
