// What expressions mean where implementations differ: at NaN, infinities, zeros of either sign, kinks, ties and the ends of the
// integers. Every function of the language has rows here; each evaluator is tested against all of them.
import { elu, gelu, geluTanh, leakyRelu, relu, selu, silu, softplus } from './activations.ts';
import { abs, binary, cast, compare, constant, input, max, min, mul, neg, pow, select, sqrt, unary } from './build.ts';
import { differentiate, pullback } from './differentiate.ts';
import type { binaryFunctions, comparisonFunctions, unaryFunctions } from './functions.ts';
import type { BinaryName, ComparisonName, Expr, ScalarType, UnaryName } from './types.ts';

/** One fact: `expression` at `inputs` is exactly `expected`, in float64 as in float32; a zero has that sign. bool is 0 or 1. */
export interface SemanticsCase {
  readonly name: string;
  readonly expression: Expr;
  readonly inputs: readonly number[];
  readonly expected: number;
}

/** Facts as text, separated by semicolons or lines: values of the inputs, an arrow, the value of the result. */
type Rows = string;

type RowsOf<Functions> = { readonly [Name in keyof Functions]: { readonly [Type in keyof Functions[Name]]: Rows } };

const unaryRows: RowsOf<typeof unaryFunctions> = {
  neg: {
    f32: '1.5 → -1.5; 0 → -0; -0 → 0; Infinity → -Infinity; NaN → NaN',
    i32: '5 → -5; 0 → 0; -2147483648 → -2147483648',
  },
  abs: {
    f32: '-1.5 → 1.5; -0 → 0; -Infinity → Infinity; NaN → NaN',
    i32: '-5 → 5; -2147483648 → -2147483648',
  },
  sign: {
    f32: '0.25 → 1; -3 → -1; 0 → 0; -0 → -0; -Infinity → -1; NaN → NaN',
    i32: '7 → 1; 0 → 0; -2147483648 → -1',
  },
  floor: { f32: '1.5 → 1; -1.5 → -2; -0 → -0; 0.5 → 0; Infinity → Infinity; NaN → NaN' },
  ceil: { f32: '1.5 → 2; -1.5 → -1; -0.5 → -0; -0 → -0; -Infinity → -Infinity; NaN → NaN' },
  round: {
    f32: `0.5 → 0; 1.5 → 2; 2.5 → 2; -0.5 → -0; -1.5 → -2; -2.5 → -2; 0.75 → 1; -0.25 → -0; 8388609 → 8388609
      Infinity → Infinity; NaN → NaN`,
  },
  sqrt: { f32: '4 → 2; 0 → 0; -0 → -0; -1 → NaN; Infinity → Infinity; NaN → NaN' },
  reciprocalSqrt: { f32: '4 → 0.5; 0 → Infinity; -0 → -Infinity; -1 → NaN; Infinity → 0; NaN → NaN' },
  exp: { f32: '0 → 1; -0 → 1; -Infinity → 0; Infinity → Infinity; 1000 → Infinity; -1000 → 0; NaN → NaN' },
  expm1: { f32: '0 → 0; -0 → -0; -Infinity → -1; -1000 → -1; Infinity → Infinity; NaN → NaN' },
  log: { f32: '1 → 0; 0 → -Infinity; -0 → -Infinity; -1 → NaN; Infinity → Infinity; NaN → NaN' },
  log1p: { f32: '0 → 0; -0 → -0; -1 → -Infinity; -2 → NaN; Infinity → Infinity; NaN → NaN' },
  sin: { f32: '0 → 0; -0 → -0; Infinity → NaN; NaN → NaN' },
  cos: { f32: '0 → 1; -Infinity → NaN; NaN → NaN' },
  tanh: { f32: '0 → 0; -0 → -0; 100 → 1; -100 → -1; Infinity → 1; -Infinity → -1; NaN → NaN' },
  sigmoid: { f32: '0 → 0.5; -0 → 0.5; 1000 → 1; -1000 → 0; Infinity → 1; -Infinity → 0; NaN → NaN' },
  erf: { f32: '0 → 0; -0 → -0; 10 → 1; -10 → -1; Infinity → 1; -Infinity → -1; NaN → NaN' },
  not: { bool: '0 → 1; 1 → 0' },
};

const binaryRows: RowsOf<typeof binaryFunctions> = {
  add: {
    f32: '1 2 → 3; -0 0 → 0; -0 -0 → -0; Infinity -Infinity → NaN; NaN 1 → NaN',
    i32: '2147483647 1 → -2147483648; -2147483648 -1 → 2147483647',
  },
  sub: {
    f32: '1 2 → -1; -0 0 → -0; 1 1 → 0; Infinity Infinity → NaN; NaN 1 → NaN',
    i32: '-2147483648 1 → 2147483647; 0 -2147483648 → -2147483648',
  },
  mul: {
    f32: '3 -2 → -6; 0 -1 → -0; 0 Infinity → NaN; Infinity -1 → -Infinity; 0 NaN → NaN',
    i32: '65537 65537 → 131073; -2147483648 -1 → -2147483648; 123456789 987654321 → -67153019',
  },
  div: {
    f32: '1 4 → 0.25; 1 0 → Infinity; 1 -0 → -Infinity; 0 0 → NaN; 1 -Infinity → -0; Infinity Infinity → NaN; NaN 1 → NaN',
    i32: '7 2 → 3; -7 2 → -3; 7 -2 → -3; 7 0 → 0; -7 0 → 0; 0 0 → 0; -2147483648 -1 → -2147483648; 2147483647 -2 → -1073741823',
  },
  mod: {
    f32: `5 3 → 2; -5 3 → 1; 5 -3 → -1; -5 -3 → -2; -6 3 → 0; 6 -3 → -0; 5.5 2 → 1.5; 1 0 → NaN; Infinity 2 → NaN
      1 Infinity → 1; -1 Infinity → Infinity; NaN 1 → NaN; 1 NaN → NaN`,
    i32: '5 3 → 2; -5 3 → 1; 5 -3 → -1; -5 -3 → -2; 6 -3 → 0; 7 0 → 0; -2147483648 -1 → 0; -2147483648 2147483647 → 2147483646',
  },
  pow: {
    f32: `2 3 → 8; -2 3 → -8; -3 2 → 9; 2 -1 → 0.5; 4 0.5 → 2; -8 0.5 → NaN; 0 0 → 1; NaN 0 → 1; 0 -1 → Infinity
      -0 -1 → -Infinity; -0 3 → -0; Infinity -1 → 0; 1 NaN → 1; 1 Infinity → 1; -1 Infinity → 1; -1 -Infinity → 1
      2 NaN → NaN; NaN 1 → NaN`,
  },
  max: {
    f32: '1 2 → 2; 2 1 → 2; -0 0 → 0; 0 -0 → 0; NaN 1 → NaN; 1 NaN → NaN; -Infinity NaN → NaN',
    i32: '-2147483648 2147483647 → 2147483647; 3 -3 → 3',
  },
  min: {
    f32: '1 2 → 1; 2 1 → 1; -0 0 → -0; 0 -0 → -0; NaN 1 → NaN; 1 NaN → NaN; Infinity NaN → NaN',
    i32: '-2147483648 2147483647 → -2147483648; 3 -3 → -3',
  },
  and: { bool: '0 0 → 0; 0 1 → 0; 1 0 → 0; 1 1 → 1' },
  or: { bool: '0 0 → 0; 0 1 → 1; 1 0 → 1; 1 1 → 1' },
};

const comparisonRows: RowsOf<typeof comparisonFunctions> = {
  less: { f32: '1 2 → 1; 2 2 → 0; -0 0 → 0; NaN 1 → 0; 1 NaN → 0; -Infinity Infinity → 1', i32: '-2147483648 2147483647 → 1; 2 2 → 0' },
  lessEqual: { f32: '1 2 → 1; 2 2 → 1; 3 2 → 0; 0 -0 → 1; NaN NaN → 0', i32: '2 2 → 1; 2147483647 -2147483648 → 0' },
  greater: { f32: '2 1 → 1; 2 2 → 0; 0 -0 → 0; NaN 1 → 0; 1 NaN → 0', i32: '2147483647 -2147483648 → 1; 2 2 → 0' },
  greaterEqual: { f32: '2 1 → 1; 2 2 → 1; 1 2 → 0; -0 0 → 1; NaN NaN → 0', i32: '2 2 → 1; -2147483648 2147483647 → 0' },
  equal: {
    f32: '2 2 → 1; -0 0 → 1; 1 2 → 0; Infinity Infinity → 1; NaN NaN → 0',
    i32: '2 2 → 1; -2147483648 2147483647 → 0',
    bool: '0 0 → 1; 1 1 → 1; 0 1 → 0',
  },
  notEqual: {
    f32: '2 2 → 0; -0 0 → 0; 1 2 → 1; NaN NaN → 1; NaN 1 → 1',
    i32: '2 2 → 0; -2147483648 2147483647 → 1',
    bool: '0 0 → 0; 1 1 → 0; 0 1 → 1',
  },
};

const castRows: { readonly [From in ScalarType]: { readonly [To in Exclude<ScalarType, From>]: Rows } } = {
  f32: {
    i32: `1.9 → 1; -1.9 → -1; -0.5 → 0; -0 → 0; 3000000000 → 2147483647; -3000000000 → -2147483648; Infinity → 2147483647
      -Infinity → -2147483648; NaN → 0`,
    bool: '0 → 0; -0 → 0; 0.5 → 1; -2 → 1; 1e-40 → 1; Infinity → 1; NaN → 1',
  },
  i32: { f32: '0 → 0; -7 → -7; 16777216 → 16777216; -2147483648 → -2147483648', bool: '0 → 0; 1 → 1; -2 → 1; -2147483648 → 1' },
  bool: { f32: '0 → 0; 1 → 1', i32: '0 → 0; 1 → 1' },
};

/** Expressions of more than one node: choices, activations, and derivatives at kinks and ties. */
function expressionRows(): Readonly<Record<string, readonly [Expr, Rows]>> {
  const x = input(0, 'f32');
  const y = input(1, 'f32');
  const derivative = (expression: Expr, index = 0): Expr => differentiate(expression, index) ?? constant(0);
  return {
    select: [select(input(2, 'bool'), x, y), '2 NaN 1 → 2; NaN 3 0 → 3; -0 0 1 → -0; Infinity NaN 0 → NaN'],
    relu: [relu(x), '2 → 2; -2 → 0; 0 → 0; -0 → 0; Infinity → Infinity; -Infinity → 0; NaN → NaN'],
    leakyRelu: [leakyRelu(x, 0.5), '2 → 2; -2 → -1; 0 → 0; -0 → -0; -Infinity → -Infinity; NaN → NaN'],
    elu: [elu(x, 1.5), '100 → 100; 0 → 0; -0 → -0; -1000 → -1.5; -Infinity → -1.5; Infinity → Infinity; NaN → NaN'],
    softplus: [softplus(x), '1000 → 1000; -1000 → 0; Infinity → Infinity; -Infinity → 0; NaN → NaN'],
    silu: [silu(x), '0 → 0; -0 → -0; 1000 → 1000; -1000 → -0; -Infinity → NaN; NaN → NaN'],
    gelu: [gelu(x), '0 → 0; -0 → -0; 1000 → 1000; -1000 → -0; -Infinity → NaN; NaN → NaN'],
    geluTanh: [geluTanh(x), '0 → 0; -0 → -0; 1000 → 1000; -1000 → -0; -Infinity → NaN; NaN → NaN'],
    "relu'": [derivative(relu(x)), '2 → 1; -2 → 0; 0 → 0; -0 → 0; Infinity → 1; -Infinity → 0'],
    "leakyRelu'": [derivative(leakyRelu(x, 0.5)), '2 → 1; -2 → 0.5; 0 → 0.5; -0 → 0.5; Infinity → 1; -Infinity → 0.5'],
    "elu'": [derivative(elu(x, 1.5)), '100 → 1; 1e4 → 1; Infinity → 1; 0 → 1.5; -0 → 1.5; -1000 → 0; -Infinity → 0'],
    "softplus'": [derivative(softplus(x)), '0 → 0.5; -0 → 0.5; 1000 → 1; -1000 → 0; Infinity → 1; -Infinity → 0'],
    "gelu'": [derivative(gelu(x)), '0 → 0.5; 1000 → 1; -1000 → 0'],
    "geluTanh'": [derivative(geluTanh(x)), '0 → 0.5; 1000 → 1; -1000 → 0'],
    "abs'": [derivative(abs(x)), '2 → 1; -2 → -1; 0 → 0'],
    "sign'": [derivative(unary('sign', x)), '2 → 0; 0 → 0'],
    "round'": [derivative(unary('round', x)), '0.5 → 0; 0.25 → 0'],
    "sqrt'": [derivative(sqrt(x)), '4 → 0.25; 0 → Infinity; Infinity → 0'],
    "(x²)'": [derivative(pow(x, 2)), '0 → 0; -3 → -6'],
    "(x⁰)'": [derivative(pow(x, 0)), '0 → 0; NaN → 0'],
    '∂pow/∂a': [derivative(pow(x, y), 0), '2 3 → 12; 0 0 → 0; 0 2 → 0; -2 2 → -4'],
    '∂pow/∂b': [derivative(pow(x, y), 1), '1 5 → 0; 0 0 → 0; 0 2 → 0'],
    '∂max/∂a': [derivative(max(x, y), 0), '2 1 → 1; 1 2 → 0; 1 1 → 1; -0 0 → 1'],
    '∂max/∂b': [derivative(max(x, y), 1), '2 1 → 0; 1 2 → 1; 1 1 → 0'],
    '∂min/∂a': [derivative(min(x, y), 0), '2 1 → 0; 1 2 → 1; 1 1 → 1'],
    '∂min/∂b': [derivative(min(x, y), 1), '2 1 → 1; 1 2 → 0; 1 1 → 0'],
    'relu pulled back': [pullback(relu(x), 0, y) ?? constant(0), '2 3 → 3; -2 Infinity → 0; -2 NaN → 0; 0 Infinity → 0'],
    '∂(elu(a)·relu(b))/∂b': [derivative(mul(elu(x, 1.5), relu(y)), 1), '-1000 -2 → 0; 100 2 → 100; Infinity -2 → 0; NaN -2 → 0'],
    "−relu'": [derivative(neg(relu(x))), '2 → -1; -2 → 0'],
    "selu'": [derivative(selu(x)), '-1000 → 0; -Infinity → 0'],
  };
}

/** All facts: rows for every function with every type it takes, then those of larger expressions. */
export function semanticsCases(): readonly SemanticsCase[] {
  return [
    ...overloadCases<UnaryName>(unaryRows, (name, type) => unary(name, input(0, type))),
    ...overloadCases<BinaryName>(binaryRows, (name, type) => binary(name, input(0, type), input(1, type))),
    ...overloadCases<ComparisonName>(comparisonRows, (name, type) => compare(name, input(0, type), input(1, type))),
    ...overloadCases<ScalarType>(castRows, (from, to) => cast(input(0, from), to)),
    ...Object.entries(expressionRows()).flatMap(([name, [expression, rows]]) => casesOf(name, expression, rows)),
  ];
}

function overloadCases<Name extends string>(
  table: { readonly [Key in Name]: { readonly [Type in ScalarType]?: Rows } },
  build: (name: Name, type: ScalarType) => Expr,
): readonly SemanticsCase[] {
  return (Object.keys(table) as Name[]).flatMap((name) =>
    (Object.keys(table[name]) as ScalarType[]).flatMap((type) => casesOf(`${name} ${type}`, build(name, type), table[name][type] ?? '')),
  );
}

function casesOf(name: string, expression: Expr, rows: Rows): readonly SemanticsCase[] {
  return rows.split(/[;\n]/).map((row) => {
    const [inputs, expected] = row.trim().split(' → ') as [string, string];
    return { name: `${name}: ${row.trim()}`, expression, inputs: inputs.split(' ').map(Number), expected: Number(expected) };
  });
}
