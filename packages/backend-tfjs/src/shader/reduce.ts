// `reduce` as shaders: each element of the result adds up its own part, block by block, and long axes are reduced in two passes, so that
// errors and threads are spread alike.
import type { ReduceAttrs, ReduceKind } from '@nn/core';
import { vendorDType } from '../device/runtime.ts';
import type { Prepare } from '../kernels/kernel.ts';
import type { Reduction } from './blocks.ts';
import { addition, inBlocks } from './blocks.ts';
import { filled } from './fill.ts';
import type { ShadingLanguage } from './language.ts';
import { integerLiteral } from './language.ts';
import type { ShaderCall } from './program.ts';
import type { ShaderRuntime } from './shaderRuntime.ts';

type Type = 'f32' | 'i32';

// NaN is not equal to itself: as the total or the value it stays.
const extreme =
  (comparison: '>' | '<') =>
  (total: string, value: string, { choose }: ShadingLanguage): string =>
    choose(`${value} ${comparison} ${total} || ${value} != ${value}`, value, total);

const reductions: Readonly<Record<Type, Readonly<Record<ReduceKind, Reduction>>>> = {
  f32: {
    sum: addition,
    prod: { start: () => '1.0', combine: (a, b) => `${a} * ${b}` },
    max: { start: ({ special }) => `(-${special.infinity})`, combine: extreme('>') },
    min: { start: ({ special }) => special.infinity, combine: extreme('<') },
  },
  i32: {
    sum: { start: () => '0', combine: (a, b) => `${a} + ${b}` },
    prod: { start: () => '1', combine: (a, b) => `${a} * ${b}` },
    max: { start: () => integerLiteral(-(2 ** 31)), combine: (a, b) => `max(${a}, ${b})` },
    min: { start: () => '2147483647', combine: (a, b) => `min(${a}, ${b})` },
  },
};

export function shaderReduce(runtime: ShaderRuntime): Prepare<ReduceAttrs> {
  return ({ attrs: { kind, axes }, inputs: [input], outputs: [output] }) => {
    const { shape, dtype } = output!;
    const type = dtype === 'i32' ? 'i32' : 'f32';
    if (input!.shape.includes(0)) return filled(runtime, output!, reductions[type][kind].start);
    const passes = passesOf(input!.shape, axes).map(({ outer, extent, inner, parts }): ShaderCall => ({
      shape: [outer, parts, inner],
      dtype: vendorDType[dtype],
      integers: [inner, extent, parts, Math.ceil(extent / parts)],
      program: reductionProgram(kind, type),
    }));
    return (scope, [x]) => {
      const reduced = passes.reduce((tensor, call) => runtime.shade(scope, call, [tensor]), x!);
      return [{ ...reduced, shape: [...shape] }];
    };
  };
}

interface Pass {
  readonly outer: number;
  readonly extent: number;
  readonly inner: number;
  /** How many results there are along the axis: 1 in the last pass over it. */
  readonly parts: number;
}

/** Passes that each shorten one axis: neighbouring axes are one, the last ones come first. At least one, which copies. */
function passesOf(shape: readonly number[], axes: readonly number[]): Pass[] {
  const groups: { reduced: boolean; extent: number }[] = [];
  shape.forEach((extent, axis) => {
    const reduced = axes.includes(axis);
    const last = groups.at(-1);
    if (last?.reduced === reduced) last.extent *= extent;
    else groups.push({ reduced, extent });
  });
  const passes: Pass[] = [];
  let inner = 1;
  for (let index = groups.length - 1; index >= 0; index--) {
    const { reduced, extent } = groups[index]!;
    if (!reduced) {
      inner *= extent;
      continue;
    }
    const outer = groups.slice(0, index).reduce((product, group) => product * group.extent, 1);
    const parts = partsFor(extent, outer * inner);
    if (parts > 1) passes.push({ outer, extent, inner, parts });
    passes.push({ outer, extent: parts > 1 ? parts : extent, inner, parts: 1 });
  }
  return passes.length > 0 ? passes : [{ outer: 1, extent: 1, inner, parts: 1 }];
}

/** Long axes are reduced in parts, and shorter ones too where there would be few threads otherwise. */
function partsFor(extent: number, results: number): number {
  return extent > 1024 || (extent > 64 && results < 256) ? Math.ceil(Math.sqrt(extent)) : 1;
}

/** Integers: inner, extent, parts, elements of a part. */
function reductionProgram(kind: ReduceKind, type: Type): ShaderCall['program'] {
  return {
    key: `reduce|${kind}|${type}`,
    inputs: [type],
    output: type,
    integers: 4,
    code: (language) => {
      const [inner, extent, parts, length] = [0, 1, 2, 3].map((index) => language.integer(index)) as [string, string, string, string];
      const statements = [
        language.constant('column', 'i32', `index - (index / ${inner}) * ${inner}`),
        language.constant('place', 'i32', `index / ${inner}`),
        language.constant('row', 'i32', `place / ${parts}`),
        language.constant('begin', 'i32', `(place - row * ${parts}) * ${length}`),
        language.constant('count', 'i32', `min(${length}, ${extent} - begin)`),
        inBlocks(language, type, reductions[type][kind], {
          count: 'count',
          value: language.read(0, `(row * ${extent} + begin + at) * ${inner} + column`, type),
        }),
      ].join('\n');
      return { statements, value: 'total' };
    },
  };
}
