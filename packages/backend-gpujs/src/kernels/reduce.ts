// `reduce`: a cell per result; where many elements come to one, first a cell per part of them.
import { mergeAxes, sizeOf, stridesOf } from '@nn/core';
import type { ReduceKind, Shape } from '@nn/core';
import { foldOfNothing, foldOver } from '../source/fold.ts';
import { elementText, gridOf } from '../source/grid.ts';
import { sizeText } from '../source/parameters.ts';
import { kernelSource, nothing, singleKernel } from '../source/stage.ts';
import type { KernelStage, Operand } from '../source/stage.ts';
import type { Target } from '../source/target.ts';
import type { GpuKernel } from './kernel.ts';

/** The most elements that one cell joins. */
const longest = 1024;
/** How many a cell joins where there are more. */
const partLength = 64;

export const reduce: GpuKernel<'reduce'> =
  (target) =>
  ({ attrs: { kind, axes }, inputs: [input], outputs: [output] }) => {
    if (sizeOf(output!.shape) === 0) return nothing;
    if (sizeOf(input!.shape) === 0) {
      const grid = gridOf([sizeOf(output!.shape)], target.grid);
      return singleKernel(kernelSource(target, grid, 0, { statements: [], result: foldOfNothing(kind) }), 0);
    }
    const loop = mergeAxes({
      shape: input!.shape,
      strides: [stridesOf(input!.shape), stridesOf(output!.shape).map((stride, axis) => (axes.includes(axis) ? 0 : stride))],
    });
    const reduced = loop.shape.map((_, axis) => loop.strides[1]![axis] === 0);
    return { stages: reductionStages(target, kind, loop.shape, reduced) };
  };

function reductionStages(target: Target, kind: ReduceKind, shape: Shape, reduced: readonly boolean[]): KernelStage[] {
  const stages: KernelStage[] = [];
  let current = [...shape];
  const operand = (): Operand => (stages.length === 0 ? { input: 0 } : { stage: stages.length - 1 });
  while (sizeOf(current.filter((_, axis) => reduced[axis])) > longest) {
    const axis = longestAxis(current, reduced);
    stages.push({ kind: 'kernel', source: partsSource(target, kind, current, axis), operands: [operand()] });
    current = current.with(axis, Math.ceil(current[axis]! / partLength));
  }
  return [...stages, { kind: 'kernel', source: totalsSource(target, kind, current, reduced), operands: [operand()] }];
}

function longestAxis(shape: Shape, reduced: readonly boolean[]): number {
  const extents = shape.map((extent, axis) => (reduced[axis] ? extent : 0));
  return extents.indexOf(Math.max(...extents));
}

/** Joins `partLength` neighbours along one axis. The last part may be shorter: it takes its last element for those that are missing. */
function partsSource(target: Target, kind: ReduceKind, shape: Shape, axis: number) {
  const extent = shape[axis]!;
  const parts = Math.ceil(extent / partLength);
  const around = [sizeOf(shape.slice(0, axis)), parts, sizeOf(shape.slice(axis + 1))] as const;
  const grid = gridOf(around, target.grid);
  const [o, p, i] = grid.indices as [string, string, string];
  const inner = around[2];
  const isWhole = extent % partLength === 0;
  const element = (k: string): string => elementText(0, [o, `(${p} * ${partLength} + ${k})`, i], [extent * inner, inner, 1]);
  const neutral = foldOfNothing(kind);
  const folded = foldOver(kind, [partLength], ([k]) => {
    if (isWhole || k === '0') return element(k!);
    return `((${p} * ${partLength} + ${k} < ${sizeText('extent', extent)}) ? ${element(k!)} : ${neutral === '' ? element('0') : neutral})`;
  });
  return kernelSource(target, grid, 1, folded);
}

function totalsSource(target: Target, kind: ReduceKind, shape: Shape, reduced: readonly boolean[]) {
  const strides = stridesOf(shape);
  const axesOf = (wanted: boolean): number[] => shape.flatMap((_, axis) => (reduced[axis] === wanted ? [axis] : []));
  const [kept, folded] = [axesOf(false), axesOf(true)];
  const grid = gridOf(
    kept.map((axis) => shape[axis]!),
    target.grid,
  );
  const places = [...kept, ...folded].map((axis) => strides[axis]!);
  const computation = foldOver(
    kind,
    folded.map((axis) => shape[axis]!),
    (indices) => elementText(0, [...grid.indices, ...indices], places),
  );
  return kernelSource(target, grid, 1, computation);
}
