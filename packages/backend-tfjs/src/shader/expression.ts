// Expressions as shader code: a name for each step.
import type { scalar, ScalarType } from '@nn/core';
import type { GivenConstants } from './constants.ts';
import type { ShadingLanguage } from './language.ts';
import { integerLiteral } from './language.ts';

type Unary = (x: string, language: ShadingLanguage) => string;
type Binary = (a: string, b: string, language: ShadingLanguage) => string;
type ByType<Function> = Readonly<Partial<Record<ScalarType, Function>>>;

const call =
  (name: string): Unary =>
  (x) =>
    `${name}(${x})`;
const call2 =
  (name: string): Binary =>
  (a, b) =>
    `${name}(${a}, ${b})`;
const infix =
  (operator: string): Binary =>
  (a, b) =>
    `(${a} ${operator} ${b})`;

const unary: Readonly<Record<scalar.UnaryName, ByType<Unary>>> = {
  neg: { f32: (x) => `(-${x})`, i32: (x) => `(-${x})` },
  abs: { f32: call('abs'), i32: call('abs') },
  sign: { f32: call('signOf'), i32: call('sign') },
  floor: { f32: call('floor') },
  ceil: { f32: call('ceil') },
  round: { f32: (x, { names }) => `${names.round}(${x})` },
  sqrt: { f32: call('sqrt') },
  reciprocalSqrt: { f32: (x, { names }) => `${names.inverseSqrt}(${x})` },
  exp: { f32: call('exp') },
  expm1: { f32: call('expm1Of') },
  log: { f32: call('log') },
  log1p: { f32: call('log1pOf') },
  sin: { f32: call('sin') },
  cos: { f32: call('cos') },
  tanh: { f32: call('tanhOf') },
  sigmoid: { f32: call('sigmoidOf') },
  erf: { f32: call('erfOf') },
  not: { bool: (x) => `(!${x})` },
};

// The first operand in front where neither is larger: NaN as the first one stays, and as the second one it is not equal to itself.
const extreme =
  (comparison: '>' | '<'): Binary =>
  (a, b, { choose }) =>
    choose(`${a} ${comparison} ${b} || ${a} != ${a}`, a, b);

const binary: Readonly<Record<scalar.BinaryName, ByType<Binary>>> = {
  add: { f32: infix('+'), i32: infix('+') },
  sub: { f32: infix('-'), i32: infix('-') },
  mul: { f32: infix('*'), i32: infix('*') },
  div: { f32: infix('/'), i32: call2('divideIntegers') },
  mod: { f32: call2('modOf'), i32: call2('modIntegers') },
  pow: { f32: call2('powOf') },
  max: { f32: extreme('>'), i32: call2('max') },
  min: { f32: extreme('<'), i32: call2('min') },
  and: { bool: infix('&&') },
  or: { bool: infix('||') },
};

const comparisons: Readonly<Record<scalar.ComparisonName, string>> = {
  less: '<',
  lessEqual: '<=',
  greater: '>',
  greaterEqual: '>=',
  equal: '==',
  notEqual: '!=',
};

/** The bounds of i32 as the nearest f32 within it. */
const largest = 2147483520;

const casts: Readonly<Record<ScalarType, Readonly<Record<ScalarType, Unary>>>> = {
  f32: {
    f32: (x) => x,
    i32: (x, { types, choose }) =>
      choose(
        `${x} >= ${largest}.0`,
        '2147483647',
        choose(`${x} <= -2147483648.0`, integerLiteral(-(2 ** 31)), choose(`${x} == ${x}`, `${types.i32}(${x})`, '0')),
      ),
    bool: (x) => `(${x} != 0.0)`,
  },
  i32: { f32: (x, { types }) => `${types.f32}(${x})`, i32: (x) => x, bool: (x) => `(${x} != 0)` },
  bool: { f32: (x, { choose }) => choose(x, '1.0', '0.0'), i32: (x, { choose }) => choose(x, '1', '0'), bool: (x) => x },
};

/**
 * Statements that compute an expression, and the name of its value.
 * @param constants the code of those that are not literals
 * @param read the code that reads an input
 */
export function expressionCode(
  { steps, result }: scalar.StraightLine,
  constants: GivenConstants,
  language: ShadingLanguage,
  read: (input: number, type: ScalarType) => string,
): { readonly statements: string; readonly value: string } {
  const name = (index: number): string => `v${index}`;
  const code = (step: scalar.Step): string =>
    step.kind === 'const' ? constants.code(step, language) : stepCode(step, steps, language, name, read);
  const statements = steps.map((step, index) => language.constant(name(index), step.type, code(step)));
  return { statements: statements.join('\n'), value: name(result) };
}

function stepCode(
  step: Exclude<scalar.Step, { kind: 'const' }>,
  steps: readonly scalar.Step[],
  language: ShadingLanguage,
  name: (index: number) => string,
  read: (input: number, type: ScalarType) => string,
): string {
  switch (step.kind) {
    case 'input':
      return read(step.index, step.type);
    case 'unary':
      return unary[step.name][step.type]!(name(step.x), language);
    case 'binary':
      return binary[step.name][step.type]!(name(step.a), name(step.b), language);
    case 'compare':
      return infix(comparisons[step.name])(name(step.a), name(step.b), language);
    case 'select':
      return language.choose(name(step.condition), name(step.a), name(step.b));
    case 'cast':
      return casts[steps[step.x]!.type][step.type](name(step.x), language);
  }
}
