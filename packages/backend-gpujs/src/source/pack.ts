// Several arrays as one, for kernels that read more arrays than a mode allows, and for `concat`.
import { sizeOf } from '@nn/core';
import type { TensorSpec } from '@nn/core';
import { elementText, gridOf } from './grid.ts';
import { sizeText } from './parameters.ts';
import { kernelSource } from './stage.ts';
import type { KernelSource, KernelStage, Operand } from './stage.ts';
import type { Target } from './target.ts';

/** Where the elements of an input are: in which array of the kernel, and from which position on. */
export interface Place {
  readonly array: number;
  readonly offset: number;
}

/** The arrays that a kernel reads in place of its inputs. */
export interface Packing {
  readonly stages: readonly KernelStage[];
  readonly operands: readonly Operand[];
  /** Per input. */
  readonly places: readonly Place[];
}

/** An array that a kernel will read, and the inputs in it. */
interface Group {
  readonly operand: Operand;
  readonly size: number;
  readonly members: readonly { readonly input: number; readonly offset: number }[];
}

/** As few small inputs as possible joined, until no more arrays are left than a kernel may read. */
export function packInputs(target: Target, inputs: readonly TensorSpec[]): Packing {
  const stages: KernelStage[] = [];
  let groups: Group[] = inputs.map(({ shape }, input) => ({ operand: { input }, size: sizeOf(shape), members: [{ input, offset: 0 }] }));
  while (groups.length > target.arrays) {
    const bySize = groups.toSorted((a, b) => a.size - b.size);
    const joined = bySize.slice(0, Math.min(target.arrays, groups.length - target.arrays + 1));
    const sizes = joined.map(({ size }) => size);
    stages.push({ kind: 'kernel', source: joinSource(target, sizes), operands: joined.map(({ operand }) => operand) });
    let start = 0;
    const members = joined.flatMap(({ size, members: own }) => {
      const moved = own.map(({ input, offset }) => ({ input, offset: offset + start }));
      start += size;
      return moved;
    });
    groups = [...groups.filter((group) => !joined.includes(group)), { operand: { stage: stages.length - 1 }, size: start, members }];
  }
  const places: Place[] = [];
  groups.forEach(({ members: own }, array) => {
    for (const { input, offset } of own) places[input] = { array, offset };
  });
  return { stages, operands: groups.map(({ operand }) => operand), places };
}

/** Arrays of these sizes, one after the other. */
function joinSource(target: Target, sizes: readonly number[]): KernelSource {
  const grid = gridOf([sizes.reduce((sum, size) => sum + size, 0)], target.grid);
  const [index] = grid.indices as [string];
  const result = chooseByIndex(index, sizes, (array, start) => elementText(array, [index], [1], -start));
  return kernelSource(target, grid, sizes.length, { statements: [], result });
}

/**
 * The text of an element of parts that lie side by side along an axis, chosen by the index along it.
 * @param read the text of the element of a part that begins at `start`
 */
export function chooseByIndex(index: string, extents: readonly number[], read: (part: number, start: number) => string): string {
  let start = 0;
  const parts = extents.map((extent, part) => {
    const text = read(part, start);
    start += extent;
    return { text, part, end: start };
  });
  return parts.reduceRight(
    (rest, { text, part, end }) => (rest === '' ? text : `((${index} < ${sizeText(`end${part}`, end)}) ? ${text} : ${rest})`),
    '',
  );
}
