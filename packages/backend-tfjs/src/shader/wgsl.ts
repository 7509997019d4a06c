// The WebGPU Shading Language.
import type { ScalarType } from '@nn/core';
import type { ShadingLanguage } from './language.ts';
import { literal } from './language.ts';

const types = { f32: 'f32', i32: 'i32', bool: 'bool' } as const satisfies Record<ScalarType, string>;

/** The name of an input's buffer. */
export const inputName = (input: number): string => `X${input}`;
/** The names of numbers of the run. */
export const integerName = (index: number): string => `n${index}`;
export const realName = (index: number): string => `r${index}`;

export const wgsl: ShadingLanguage = {
  types,
  constant: (name, type, value) => `let ${name} : ${types[type]} = ${value};`,
  variable: (name, type, value) => `var ${name} : ${types[type]} = ${value};`,
  define: (name, result, parameters, body) => {
    const list = Object.entries(parameters).map(([parameter, type]) => `${parameter} : ${types[type]}`);
    return `fn ${name}(${list.join(', ')}) -> ${types[result]} { ${body} }`;
  },
  repeat: (name, count, body) => `for (var ${name} : i32 = 0; ${name} < ${count}; ${name} = ${name} + 1) { ${body} }`,
  choose: (condition, a, b) => `select(${b}, ${a}, ${condition})`,
  number: literal,
  special: { nan: 'uniforms.NAN', infinity: 'uniforms.INFINITY' },
  names: { inverseSqrt: 'inverseSqrt', round: 'round' },
  read: (input, index, type) => {
    const element = `${inputName(input)}[${index}]`;
    return type === 'bool' ? `(${element} != 0)` : element;
  },
  integer: (index) => `uniforms.${integerName(index)}`,
  real: (index) => `uniforms.${realName(index)}`,
};
