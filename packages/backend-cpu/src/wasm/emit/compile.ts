// Maps as a WebAssembly module: one kernel `(arguments, thread, threads)` for all that differ in extents alone.
import type { ArgumentLayout, MapPointers } from './arguments.ts';
import { writeArguments } from './arguments.ts';
import type { ModuleFunction } from './encoding/module.ts';
import { encodeModule } from './encoding/module.ts';
import type { MapCall, MapGroup } from './group.ts';
import { groupOf, loopKey, loopOf } from './group.ts';
import { buildHelper } from './helpers.ts';
import { buildKernel } from './kernel.ts';
import type { HelperName } from './vectorGraph.ts';

export interface MapKernel {
  /** Under which the function is exported; unique among all modules of a cache. */
  readonly exportName: string;
  /** How long the block of arguments is. */
  readonly argumentBytes: number;
  /** Vector instructions for four elements. */
  readonly weight: number;
  /** How many threads have something to do, at most: small maps are for one. The result does not depend on their number. */
  readonly maxThreads: number;
  /** Writes the block: `target` begins where it does. */
  writeArguments(target: DataView, pointers: MapPointers): void;
}

export interface CompiledMaps {
  /** A module that imports `env.memory`; undefined when all kernels are in modules compiled before. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  /** One for each group. */
  readonly kernels: readonly MapKernel[];
}

interface KnownKernel {
  readonly exportName: string;
  readonly layout: ArgumentLayout;
  readonly weight: number;
  readonly smallestShare: number;
}

/** Kernels compiled so far, by what they compute. */
export class KernelCache {
  readonly known = new Map<string, KnownKernel>();
}

export interface CompileOptions {
  readonly cache?: KernelCache;
  /** Use relaxed SIMD instructions (default false). */
  readonly relaxed?: boolean;
}

export function compileMaps(maps: readonly MapCall[], options?: CompileOptions): CompiledMaps {
  return compileMapGroups(maps.map(groupOf), options);
}

export function compileMapGroups(
  groups: readonly MapGroup[],
  { cache = new KernelCache(), relaxed = false }: CompileOptions = {},
): CompiledMaps {
  const functions: ModuleFunction[] = [];
  const helperIndices = new Map<HelperName, number>();
  const helperIndex = (name: HelperName): number => {
    const index = helperIndices.get(name) ?? functions.push({ builder: buildHelper(name) }) - 1;
    helperIndices.set(name, index);
    return index;
  };
  const kernels = groups.map((group): MapKernel => {
    const loop = loopOf(group);
    const key = `${relaxed ? 'relaxed' : 'plain'}\n${loopKey(loop)}`;
    let kernel = cache.known.get(key);
    if (kernel === undefined) {
      const { builder, ...rest } = buildKernel(loop, { relaxed, helperIndex });
      kernel = { exportName: `map${cache.known.size}`, ...rest };
      cache.known.set(key, kernel);
      functions.push({ builder, exportName: kernel.exportName });
    }
    const { exportName, layout, weight, smallestShare } = kernel;
    return {
      exportName,
      argumentBytes: layout.bytes,
      weight,
      maxThreads: Math.max(1, Math.ceil(loop.size / smallestShare)),
      writeArguments: (target, pointers) => writeArguments(layout, loop, pointers, target),
    };
  });
  return { bytes: functions.length === 0 ? undefined : encodeModule(functions), kernels };
}
