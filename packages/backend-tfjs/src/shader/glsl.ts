// The shading language of WebGL 2. All elements are held as floats.
import type { ScalarType } from '@nn/core';
import type { ShadingLanguage } from './language.ts';
import { literal } from './language.ts';

const types = { f32: 'float', i32: 'int', bool: 'bool' } as const satisfies Record<ScalarType, string>;

/** The name of an input's texture. */
export const inputName = (input: number): string => `X${input}`;
/** The name of the function that reads an element of it. */
export const readerName = (input: number): string => `getX${input}`;
/** The names of numbers of the run. */
export const integerName = (index: number): string => `n${index}`;
export const realName = (index: number): string => `r${index}`;

const asType: Readonly<Record<ScalarType, (element: string) => string>> = {
  f32: (element) => element,
  i32: (element) => `int(${element})`,
  bool: (element) => `(${element} != 0.0)`,
};

export const glsl: ShadingLanguage = {
  types,
  constant: (name, type, value) => `${types[type]} ${name} = ${value};`,
  variable: (name, type, value) => `${types[type]} ${name} = ${value};`,
  define: (name, result, parameters, body) => {
    const list = Object.entries(parameters).map(([parameter, type]) => `${types[type]} ${parameter}`);
    return `${types[result]} ${name}(${list.join(', ')}) { ${body} }`;
  },
  repeat: (name, count, body) => `for (int ${name} = 0; ${name} < ${count}; ${name}++) { ${body} }`,
  choose: (condition, a, b) => `(${condition} ? ${a} : ${b})`,
  number: literal,
  special: { nan: 'NAN', infinity: 'uintBitsToFloat(0x7f800000u)' },
  names: { inverseSqrt: 'inversesqrt', round: 'roundEven' },
  read: (input, index, type) => asType[type](`${readerName(input)}(${index})`),
  integer: integerName,
  real: realName,
};

/** A value as it is held. */
export const asFloat: Readonly<Record<ScalarType, (value: string) => string>> = {
  f32: (value) => value,
  i32: (value) => `float(${value})`,
  bool: (value) => `(${value} ? 1.0 : 0.0)`,
};
