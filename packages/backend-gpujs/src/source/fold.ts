// Loops within a kernel that join many elements to one.
import type { ReduceKind } from '@nn/core';
import type { Computation } from './expression.ts';
import { sizeText } from './parameters.ts';

/**
 * Terms that are joined one after the other. The rounding errors of a sum grow with their number, so longer sums are sums of such sums.
 */
const blockLength = 64;
/** How many terms one turn of a loop joins, where they come out even: the turns themselves are much of the time of shaders in software. */
const termsPerTurn = [4, 2, 1] as const;

/** What a fold begins with, and how it takes in another value. The empty text stands for the first term. */
const folds: Readonly<Record<ReduceKind, { readonly start: string; readonly join: (all: string, one: string) => string }>> = {
  sum: { start: '0', join: (all, one) => `${all} += ${one};` },
  prod: { start: '1', join: (all, one) => `${all} *= ${one};` },
  max: { start: '', join: (all, one) => `${all} = Math.max(${all}, ${one});` },
  min: { start: '', join: (all, one) => `${all} = Math.min(${all}, ${one});` },
};

/** The value of a fold over nothing. */
export function foldOfNothing(kind: ReduceKind): string {
  return folds[kind].start;
}

/**
 * Joins term(i, j, …) over all indices below `extents`, which are 1 or more.
 * @param term the text of a term, from texts of indices
 */
export function foldOver(kind: ReduceKind, extents: readonly number[], term: (indices: readonly string[]) => string): Computation {
  if (extents.length === 0) return { statements: [], result: term([]) };
  const { start, join } = folds[kind];
  const first = start === '' ? term(extents.map(() => '0')) : start;
  const outer = extents.slice(0, -1);
  const loops = outer.map((extent, axis) => `for (let k${axis} = 0; k${axis} < ${sizeText(`loop${axis}`, extent)}; k${axis}++) {`);
  const indices = outer.map((_, axis) => `k${axis}`);
  const extent = extents.at(-1)!;
  const blocks = extent <= blockLength ? 0 : Math.floor(extent / blockLength);
  const rest = extent - blocks * blockLength;

  const part = (name: string, terms: number, turns: string, offset: readonly string[]): string[] => {
    const positions = Array.from({ length: terms }, (_, index) => [
      ...offset,
      terms === 1 ? 'k' : `k * ${terms}`,
      ...(index === 0 ? [] : [index]),
    ]);
    return [
      `let ${name} = ${first};`,
      `for (let k = 0; k < ${turns}; k++) {`,
      ...positions.map((sum) => join(name, term([...indices, `(${sum.join(' + ')})`]))),
      '}',
      join('total', name),
    ];
  };
  const restTerms = termsPerTurn.find((count) => rest % count === 0)!;
  const blockOf = part('block', termsPerTurn[0], String(blockLength / termsPerTurn[0]), [`b * ${blockLength}`]);
  return {
    statements: [
      `let total = ${first};`,
      ...loops,
      ...(blocks === 0 ? [] : [`for (let b = 0; b < ${sizeText('blocks', blocks)}; b++) {`, ...blockOf, '}']),
      ...(rest === 0
        ? []
        : part('rest', restTerms, sizeText('turns', rest / restTerms), blocks === 0 ? [] : [sizeText('passed', blocks * blockLength)])),
      ...loops.map(() => '}'),
    ],
    result: 'total',
  };
}
