// `gather`, `scatterAdd` and `iota` as shaders.
import type { GatherAttrs, IotaAttrs, ScalarType, ScatterAddAttrs } from '@nn/core';
import { scalarTypeOf, sizeOf } from '@nn/core';
import { vendorDType } from '../device/runtime.ts';
import type { Prepare } from '../kernels/kernel.ts';
import { filled } from './fill.ts';
import type { ShadingLanguage } from './language.ts';

import type { ShaderCall } from './program.ts';
import type { ShaderRuntime } from './shaderRuntime.ts';

export function shaderGather(runtime: ShaderRuntime): Prepare<GatherAttrs> {
  return ({ attrs: { axis }, inputs, outputs: [output] }) => {
    const { shape, dtype } = output!;
    const [input, indices] = inputs;
    const type = scalarTypeOf[dtype];
    const missing = (language: ShadingLanguage): string => missingCode(language, type, dtype === 'u8');
    if (sizeOf(input!.shape) === 0) return filled(runtime, output!, missing);
    const call: ShaderCall = {
      shape,
      dtype: vendorDType[dtype],
      integers: [sizeOf(shape.slice(axis + 1)), indices!.shape[0]!, input!.shape[axis]!],
      program: {
        key: `gather|${dtype}`,
        inputs: [type, 'i32'],
        output: type,
        integers: 3,
        code: (language) => {
          const [inner, count, extent] = [language.integer(0), language.integer(1), language.integer(2)];
          const statements = [
            ...aroundCode(language, inner, count),
            language.constant('source', 'i32', language.read(1, 'along', 'i32')),
            language.variable('value', type, missing(language)),
            `if (source >= 0 && source < ${extent}) { value = ${language.read(0, `(row * ${extent} + source) * ${inner} + column`, type)}; }`,
          ];
          return { statements: statements.join('\n'), value: 'value' };
        },
      },
    };
    return (scope, [x, at]) => [runtime.shade(scope, call, [x!, at!])];
  };
}

/** What an index out of range gives. */
function missingCode({ special }: ShadingLanguage, type: ScalarType, storage: boolean): string {
  if (type === 'f32') return storage ? '0.0' : special.nan;
  return type === 'i32' ? '0' : 'false';
}

/** Each element looks through all updates for its own, in order: the same sum every time, without atomic operations. */
export function shaderScatterAdd(runtime: ShaderRuntime): Prepare<ScatterAddAttrs> {
  return ({ attrs: { axis, extent }, inputs: [updates], outputs: [output] }) => {
    const { shape, dtype } = output!;
    if (sizeOf(updates!.shape) === 0) return filled(runtime, output!, () => '0.0');
    const call: ShaderCall = {
      shape,
      dtype: vendorDType[dtype],
      integers: [sizeOf(shape.slice(axis + 1)), extent, updates!.shape[axis]!],
      program: {
        key: 'scatterAdd',
        inputs: ['f32', 'i32'],
        output: 'f32',
        integers: 3,
        code: (language) => {
          const [inner, target, count] = [language.integer(0), language.integer(1), language.integer(2)];
          const update = language.read(0, `(row * ${count} + n) * ${inner} + column`, 'f32');
          const statements = [
            ...aroundCode(language, inner, target),
            language.variable('total', 'f32', '0.0'),
            language.repeat('n', count, `if (${language.read(1, 'n', 'i32')} == along) { total = total + ${update}; }`),
          ];
          return { statements: statements.join('\n'), value: 'total' };
        },
      },
    };
    return (scope, [values, indices]) => [runtime.shade(scope, call, [values!, indices!])];
  };
}

export function shaderIota(runtime: ShaderRuntime): Prepare<IotaAttrs> {
  return ({ attrs: { shape, axis } }) => {
    const call: ShaderCall = {
      shape,
      dtype: 'int32',
      integers: [sizeOf(shape.slice(axis + 1)), shape[axis]!],
      program: {
        key: 'iota',
        inputs: [],
        output: 'i32',
        integers: 2,
        code: (language) => ({ statements: aroundCode(language, language.integer(0), language.integer(1)).join('\n'), value: 'along' }),
      },
    };
    return (scope) => [runtime.shade(scope, call, [])];
  };
}

/** Names row, along and column for `index` in [rows, extent, inner]. */
function aroundCode(language: ShadingLanguage, inner: string, extent: string): string[] {
  return [
    language.constant('place', 'i32', `index / ${inner}`),
    language.constant('column', 'i32', `index - place * ${inner}`),
    language.constant('row', 'i32', `place / ${extent}`),
    language.constant('along', 'i32', `place - row * ${extent}`),
  ];
}
