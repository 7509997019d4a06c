// Index arithmetic of loops over several arrays: neighbouring axes that all of them walk evenly are one axis.
import type { Shape } from '@nn/core';

/** Loops over `extents`; array i moves by `strides[i][axis]` elements along each. */
export interface Loops {
  readonly extents: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/** The same loops over as few axes as possible. */
export function mergedLoops(extents: Shape, strides: readonly (readonly number[])[]): Loops {
  const merged: { extent: number; steps: number[] }[] = [];
  extents.forEach((extent, axis) => {
    if (extent === 1) return;
    const steps = strides.map((list) => list[axis]!);
    const outer = merged.at(-1);
    if (outer !== undefined && outer.steps.every((step, array) => step === steps[array]! * extent)) {
      outer.extent *= extent;
      outer.steps = steps;
    } else {
      merged.push({ extent, steps });
    }
  });
  return { extents: merged.map(({ extent }) => extent), strides: strides.map((_, array) => merged.map(({ steps }) => steps[array]!)) };
}

/** For each turn of nested loops, in order, where an array is: `start` + Σ index[axis] · strides[axis]. */
export function offsetsOf(extents: Shape, strides: readonly number[], start = 0): Int32Array {
  const offsets = new Int32Array(extents.reduce((product, extent) => product * extent, 1));
  const index = extents.map(() => 0);
  let offset = start;
  for (let turn = 0; turn < offsets.length; turn++) {
    offsets[turn] = offset;
    for (let axis = extents.length - 1; axis >= 0; axis--) {
      offset += strides[axis]!;
      if (++index[axis]! < extents[axis]!) break;
      offset -= strides[axis]! * extents[axis]!;
      index[axis] = 0;
    }
  }
  return offsets;
}
