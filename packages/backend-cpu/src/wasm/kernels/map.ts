// `map`: every expression becomes a function of its own in WebAssembly.
import { sizeOf } from '@nn/core';
import type { Shape } from '@nn/core';
import type { EmittedModule, WasmCommand, WasmKernel } from '../command.ts';
import { compileMapGroups, KernelCache } from '../emit/compile.ts';
import type { MapGroup } from '../emit/group.ts';
import { groupOf } from '../emit/group.ts';
import { partialBytes, sumBlock } from '../emit/sumOutputs.ts';

export interface MapOptions {
  /** Use relaxed SIMD instructions. */
  readonly relaxed: boolean;
}

/** Bytes of the workspace that the sum of a map over all elements takes on its way. */
export function partialSumBytes(shape: Shape): number {
  return partialBytes * Math.ceil(sizeOf(shape) / sumBlock);
}

/** Adds up the partial sums that begin in the workspace after those of `index` others, to output number `output`. */
export function sumCommand(shape: Shape, index: number, output: number): WasmCommand {
  const bytes = partialSumBytes(shape);
  return {
    kernel: 'sumPartials',
    words: ({ outputs, workspace }) => [workspace + index * bytes, bytes / partialBytes, outputs[output]!],
    work: bytes / partialBytes,
  };
}

/** Kernels for maps. Functions are made once for all programs: those that differ in extents alone share one. */
export function mapKernel({ relaxed }: MapOptions): WasmKernel<'map'> {
  const cache = new KernelCache();
  const modules = new Map<string, EmittedModule>();
  const compile = (group: MapGroup): WasmCommand => {
    const { bytes, kernels } = compileMapGroups([group], { cache, relaxed });
    const { exportName: name, argumentBytes, weight, writeArguments } = kernels[0]!;
    if (bytes !== undefined) modules.set(name, { bytes, exports: [name] });
    const block = new DataView(new ArrayBuffer(argumentBytes));
    const sums = group.sums ?? [];
    return {
      kernel: { module: modules.get(name)!, name },
      words: ({ inputs, outputs, workspace }) => {
        const partials = sums.map((_, index) => workspace + index * partialSumBytes(group.shape));
        writeArguments(block, { inputs, outputs: [...outputs.slice(0, group.outputs.length), ...partials] });
        return Array.from({ length: argumentBytes / 4 }, (_, word) => block.getInt32(4 * word, true));
      },
      // Loads and stores wait for memory, and an engine does some three instructions at a time.
      work: sizeOf(group.shape) * (0.05 + 0.02 * weight),
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
