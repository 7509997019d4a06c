// `concat` and `pad`.
import { sizeOf, stridesOf } from '@nn/core';
import type { PrimitiveAttrs, Shape } from '@nn/core';
import { constantText } from '../source/expression.ts';
import { elementText, gridOf, positionText } from '../source/grid.ts';
import { sizeText } from '../source/parameters.ts';
import { quotientText, remainderText } from '../source/helpers.ts';
import { chooseByIndex, packInputs } from '../source/pack.ts';
import { kernelSource, nothing, singleKernel } from '../source/stage.ts';
import type { GpuKernel } from './kernel.ts';

export const concat: GpuKernel<'concat'> =
  (target) =>
  ({ attrs: { axis }, inputs, outputs }) => {
    const { shape } = outputs[0]!;
    if (sizeOf(shape) === 0) return nothing;
    const { stages, operands, places } = packInputs(target, inputs);
    const inner = sizeOf(shape.slice(axis + 1));
    const grid = gridOf([sizeOf(shape.slice(0, axis)), shape[axis]!, inner], target.grid);
    const extents = inputs.map((input) => input.shape[axis]!);
    const result = chooseByIndex(grid.indices[1]!, extents, (part, start) => {
      const { array, offset } = places[part]!;
      return `a${array}[${positionText(`part${part}`, grid.indices, [extents[part]! * inner, inner, 1], offset - start * inner)}]`;
    });
    return {
      stages: [...stages, { kind: 'kernel', source: kernelSource(target, grid, operands.length, { statements: [], result }), operands }],
    };
  };

export const pad: GpuKernel<'pad'> =
  (target) =>
  ({ attrs, inputs: [input], outputs: [output] }) => {
    const { shape } = output!;
    if (sizeOf(shape) === 0) return nothing;
    const filler = constantText('filler', attrs.value, target.dialect);
    if (sizeOf(input!.shape) === 0) {
      return singleKernel(kernelSource(target, gridOf([sizeOf(shape)], target.grid), 0, { statements: [], result: filler }), 0);
    }
    const groups = paddedGroups(input!.shape, attrs);
    const grid = gridOf(
      groups.map(({ extent }) => extent),
      target.grid,
    );
    const strides = stridesOf(groups.map(({ source }) => source));
    const conditions: string[] = [];
    const indices = groups.map(({ before, between, source, extent }, axis) => {
      const index = grid.indices[axis]!;
      const [beforeText, period] = [sizeText(`before${axis}`, before), sizeText(`period${axis}`, between + 1)];
      const spread = (source - 1) * (between + 1) + 1;
      if (before > 0) conditions.push(`(${index} >= ${beforeText})`);
      if (before + spread < extent) conditions.push(`(${index} < ${sizeText(`end${axis}`, before + spread)})`);
      const moved = before > 0 ? `(${index} - ${beforeText})` : index;
      if (between === 0) return moved;
      conditions.push(`(${remainderText(moved, period)} === 0)`);
      return quotientText(moved, period);
    });
    const element = elementText(0, indices, strides);
    const result = conditions.length === 0 ? element : `((${conditions.join(' && ')}) ? ${element} : ${filler})`;
    return singleKernel(kernelSource(target, grid, 1, { statements: [], result }), 1);
  };

/** An axis that is padded, or neighbours that are not, seen as one. */
interface PaddedGroup {
  /** Of the input. */
  readonly source: number;
  /** Of the output. */
  readonly extent: number;
  readonly before: number;
  readonly between: number;
}

function paddedGroups(shape: Shape, { low, high, interior }: PrimitiveAttrs['pad']): PaddedGroup[] {
  const groups: PaddedGroup[] = [];
  let joins = false;
  shape.forEach((source, axis) => {
    const [before, between] = [low[axis]!, interior[axis]!];
    const extent = before + (source - 1) * (between + 1) + 1 + high[axis]!;
    const isPlain = extent === source && between === 0;
    const last = groups.at(-1);
    if (isPlain && joins && last !== undefined)
      groups[groups.length - 1] = { ...last, source: last.source * source, extent: last.extent * extent };
    else groups.push({ source, extent, before, between });
    joins = isPlain;
  });
  return groups;
}
