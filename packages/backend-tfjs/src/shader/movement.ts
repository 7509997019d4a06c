// Kernels that move elements and compute nothing, as shaders: each element of the result finds where it comes from.
import type { ConcatAttrs, PadAttrs, ScalarType, Shape, SliceAttrs, TensorSpec, TransposeAttrs } from '@nn/core';
import { mergeAxes, scalarTypeOf, sizeOf, stridesOf } from '@nn/core';
import { vendorDType } from '../device/runtime.ts';
import type { Compute, Prepare } from '../kernels/kernel.ts';
import type { TensorInfo } from '../vendor/contract.ts';
import { filled } from './fill.ts';
import type { ShadingLanguage } from './language.ts';
import { integerLiteral, literal } from './language.ts';
import type { ShaderCall } from './program.ts';
import type { ShaderRuntime } from './shaderRuntime.ts';
import { coordinatesCode, Integers, loopTerms, positionCode, termCode, termKey } from './writer.ts';

const dot = (counts: readonly number[], strides: readonly number[]): number =>
  counts.reduce((sum, count, axis) => sum + count * strides[axis]!, 0);

export function shaderTranspose(runtime: ShaderRuntime): Prepare<TransposeAttrs> {
  return ({ attrs: { order }, inputs: [input], outputs: [output] }) => {
    const strides = stridesOf(input!.shape);
    return picking(
      runtime,
      output!,
      0,
      order.map((axis) => strides[axis]!),
    );
  };
}

export function shaderSlice(runtime: ShaderRuntime): Prepare<SliceAttrs> {
  return ({ attrs: { begin, step }, inputs: [input], outputs: [output] }) => {
    const strides = stridesOf(input!.shape);
    return picking(
      runtime,
      output!,
      dot(begin, strides),
      strides.map((stride, axis) => stride * step[axis]!),
    );
  };
}

/** The element of the input at start + Σ coordinate · stride. */
function picking(runtime: ShaderRuntime, { shape, dtype }: TensorSpec, start: number, strides: readonly number[]): Compute {
  const loops = mergeAxes({ shape, strides: [strides] });
  const integers = new Integers();
  const [extents, [steps]] = loopTerms(loops, integers);
  const offset = integers.given(start);
  const type = scalarTypeOf[dtype];
  const call: ShaderCall = {
    shape,
    dtype: vendorDType[dtype],
    integers: integers.values,
    program: {
      key: ['pick', type, extents.map(termKey), steps!.map(termKey)].join('|'),
      inputs: [type],
      output: type,
      integers: integers.values.length,
      code: (language) => ({
        statements: coordinatesCode(extents, language),
        value: language.read(0, positionCode(offset, steps!, language), type),
      }),
    },
  };
  return (scope, [x]) => [runtime.shade(scope, call, [x!])];
}

export function shaderPad(runtime: ShaderRuntime): Prepare<PadAttrs> {
  return ({ attrs, inputs: [input], outputs: [output] }) => {
    const { shape, dtype } = output!;
    const type = scalarTypeOf[dtype];
    const filler = fillerCode(attrs.value, type);
    if (sizeOf(input!.shape) === 0) return filled(runtime, output!, filler);
    const axes = paddedAxes(input!.shape, attrs);
    const integers = new Integers();
    const strides = stridesOf(axes.map(({ extent }) => extent));
    const terms = axes.map((axis, index) => ({
      ...axis,
      padded: integers.given(axis.low + (axis.extent - 1) * axis.every + 1 + axis.high),
      lowTerm: integers.given(axis.low),
      everyTerm: integers.given(axis.every),
      extentTerm: integers.given(axis.extent),
      strideTerm: integers.given(strides[index]!),
    }));
    const call: ShaderCall = {
      shape,
      dtype: vendorDType[dtype],
      integers: integers.values,
      program: {
        key: ['pad', type, String(attrs.value), terms.map(({ plain }) => plain)].join('|'),
        inputs: [type],
        output: type,
        integers: integers.values.length,
        code: (language) => {
          const lines = [
            coordinatesCode(
              terms.map(({ padded }) => padded),
              language,
            ),
          ];
          lines.push(language.variable('inside', 'bool', 'true'), language.variable('position', 'i32', '0'));
          terms.forEach(({ plain, lowTerm, everyTerm, extentTerm, strideTerm }, axis) => {
            const stride = termCode(strideTerm, language);
            if (plain) {
              lines.push(`position = position + c${axis} * ${stride};`);
              return;
            }
            const every = termCode(everyTerm, language);
            lines.push(language.constant(`p${axis}`, 'i32', `c${axis} - ${termCode(lowTerm, language)}`));
            lines.push(language.constant(`e${axis}`, 'i32', `p${axis} / ${every}`));
            lines.push(
              `inside = inside && p${axis} >= 0 && e${axis} * ${every} == p${axis} && e${axis} < ${termCode(extentTerm, language)};`,
            );
            lines.push(`position = position + e${axis} * ${stride};`);
          });
          lines.push(language.variable('value', type, filler(language)));
          lines.push(`if (inside) { value = ${language.read(0, 'position', type)}; }`);
          return { statements: lines.join('\n'), value: 'value' };
        },
      },
    };
    return (scope, [x]) => [runtime.shade(scope, call, [x!])];
  };
}

interface PaddedAxis {
  readonly extent: number;
  readonly low: number;
  readonly high: number;
  /** 1 + the elements put between two. */
  readonly every: number;
  /** Nothing is put anywhere. */
  readonly plain: boolean;
}

/** The axes of a padding; neighbours without any are one. */
function paddedAxes(shape: Shape, { low, high, interior }: PadAttrs): PaddedAxis[] {
  const axes: PaddedAxis[] = [];
  shape.forEach((extent, axis) => {
    const own = { extent, low: low[axis]!, high: high[axis]!, every: interior[axis]! + 1 };
    const plain = own.low === 0 && own.high === 0 && (own.every === 1 || extent === 1);
    const last = axes.at(-1);
    if (plain && last?.plain === true) axes[axes.length - 1] = { ...last, extent: last.extent * extent };
    else axes.push({ ...own, plain, every: plain ? 1 : own.every });
  });
  return axes;
}

function fillerCode(value: number, type: ScalarType): (language: ShadingLanguage) => string {
  return ({ special }) => {
    if (type === 'bool') return value === 0 ? 'false' : 'true';
    if (type === 'i32') return integerLiteral(value);
    if (Number.isNaN(value)) return special.nan;
    return Number.isFinite(value) ? literal(value) : value > 0 ? special.infinity : `(-${special.infinity})`;
  };
}

export function shaderConcat(runtime: ShaderRuntime): Prepare<ConcatAttrs> {
  return ({ attrs: { axis }, inputs, outputs: [output] }) => {
    const parts = inputs.flatMap(({ shape }, index) => (sizeOf(shape) === 0 ? [] : [{ index, extent: shape[axis]! }]));
    const { shape, dtype } = output!;
    const inner = sizeOf(shape.slice(axis + 1));
    const outer = sizeOf(shape.slice(0, axis));
    const type = scalarTypeOf[dtype];
    // So many at a time as a shader may read; what was joined is one of the next ones.
    const join = (tensors: readonly TensorInfo[], extents: readonly number[], scope: Parameters<Compute>[0]): TensorInfo => {
      const now = Math.min(extents.length, runtime.maxInputs);
      const total = extents.slice(0, now).reduce((sum, extent) => sum + extent, 0);
      const program = joinProgram(now, type);
      const call = { shape: [outer, total, inner], dtype: vendorDType[dtype], integers: [inner, total, ...extents.slice(0, now)], program };
      const joined = runtime.shade(scope, call, tensors.slice(0, now));
      return now === extents.length ? joined : join([joined, ...tensors.slice(now)], [total, ...extents.slice(now)], scope);
    };
    return (scope, tensors) => {
      const joined = join(
        parts.map(({ index }) => tensors[index]!),
        parts.map(({ extent }) => extent),
        scope,
      );
      return [{ ...joined, shape: [...shape] }];
    };
  };
}

/** Integers: inner, the extent of the result, the extents of the parts. */
function joinProgram(count: number, type: ScalarType): ShaderCall['program'] {
  return {
    key: `join|${count}|${type}`,
    inputs: Array.from({ length: count }, () => type),
    output: type,
    integers: 2 + count,
    code: (language) => {
      const [inner, total] = [language.integer(0), language.integer(1)];
      const lines = [
        language.constant('column', 'i32', `index - (index / ${inner}) * ${inner}`),
        language.constant('place', 'i32', `index / ${inner}`),
        language.constant('row', 'i32', `place / ${total}`),
        language.variable('along', 'i32', `place - row * ${total}`),
        language.variable('value', type, type === 'bool' ? 'false' : type === 'i32' ? '0' : '0.0'),
      ];
      for (let part = 0; part < count; part++) {
        const extent = language.integer(2 + part);
        const element = language.read(part, `(row * ${extent} + along) * ${inner} + column`, type);
        lines.push(`if (along >= 0 && along < ${extent}) { value = ${element}; }`, `along = along - ${extent};`);
      }
      return { statements: lines.join('\n'), value: 'value' };
    },
  };
}
