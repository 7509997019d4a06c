// How the functions of scalar expressions are written in kernels: exactly where `Math` is that of JavaScript, and otherwise in shaders,
// whose functions are less exact, lack some, or have other meanings at the edges.
import type { scalar, ScalarType } from '@nn/core';
import type { Helpers } from './helpers.ts';
import { numeric } from './helpers.ts';

type Unary = (x: string, type: ScalarType) => string;
type Binary = (a: string, b: string, type: ScalarType) => string;

/** What becomes of the nodes of an expression. A bool is a number, 0 or 1. */
export interface Dialect {
  readonly unary: Readonly<Record<scalar.UnaryName, Unary>>;
  readonly binary: Readonly<Record<scalar.BinaryName, Binary>>;
  readonly cast: Readonly<Record<ScalarType, (x: string) => string>>;
  readonly infinity: string;
  readonly notANumber: string;
  /** The functions that these texts call. */
  readonly helpers: Helpers;
}

const unary =
  (name: string): Unary =>
  (x) =>
    `${name}(${x})`;
const binary =
  (name: string): Binary =>
  (a, b) =>
    `${name}(${a}, ${b})`;

/** c₀ + c₁x + c₂x² + … by Horner's rule. */
function polynomial(x: string, coefficients: readonly number[]): string {
  return coefficients.reduceRight((rest, coefficient) => (rest === '' ? `${coefficient}` : `(${coefficient} + ${x} * ${rest})`), '');
}

/** erf(x)/x − 1 in x² for |x| ≤ 0.93, to 5·10⁻¹⁰. */
const erfCenter = [0.128379167, -0.376126332, 0.112836872, -0.0268589415, 0.00519990661, -0.000813001202, 8.31677264e-5];
/** log(1 − erf(x)) for x from 0.9 to 3.95, to 6·10⁻¹¹ of erf. From 3.92 on erf is 1 in f32. */
const erfTail = [0.000169205028, -1.12948841, -0.633400852, -0.108220383, 0.0250806157, -0.00415625461, 0.000431393503, -2.08286131e-5];

const commonHelpers: Helpers = {
  roundHalfToEven: numeric(`function roundHalfToEven(x) {
    let below = Math.floor(x);
    let rest = x - below;
    let odd = below - 2 * Math.floor(below * 0.5);
    let up = (rest > 0.5) ? 1 : ((rest < 0.5) ? 0 : odd);
    let rounded = (below + up === 0) ? x * 0 : below + up;
    return (Math.abs(x) < 8388608) ? rounded : x;
  }`),
  truncated: numeric(`function truncated(x) {
    let integer = (x < 0) ? Math.ceil(x) + 0 : Math.floor(x);
    let bounded = Math.max(-2147483648, Math.min(2147483647, integer));
    return (x !== x) ? 0 : bounded;
  }`),
  // Quotients of shaders may be a little off: the remainder tells.
  quotientTowardZero: numeric(`function quotientTowardZero(a, b) {
    let divisor = (b === 0) ? 1 : Math.abs(b);
    let magnitude = Math.floor((Math.abs(a) + 0.5) / divisor);
    let signed = (a < 0) ? ((b < 0) ? magnitude : 0 - magnitude) : ((b < 0) ? 0 - magnitude : magnitude);
    return (b === 0) ? 0 : signed;
  }`),
  integerModulo: numeric(`function integerModulo(a, b) {
    let divisor = (b === 0) ? 1 : b;
    let first = a - divisor * Math.floor(a / divisor);
    let rest = (Math.abs(first) < Math.abs(divisor)) ? first : first - divisor;
    let signed = (divisor > 0) ? ((rest < 0) ? rest + divisor : rest) : ((rest > 0) ? rest + divisor : rest);
    return (b === 0) ? 0 : signed;
  }`),
  // Where the quotient has many digits before the point, the remainder is made digit by digit: of a, parts that are b doubled as often as
  // possible. a + (a - a) is a, and NaN where a is infinite.
  floorModulo: numeric(`function floorModulo(a, b) {
    let divisor = Math.abs(b);
    let remainder = a + (a - a);
    if (divisor <= 3.4e38) {
      remainder = a % b;
      if ((Math.abs(a) > 4096 * divisor) && (divisor > 0)) {
        let magnitude = Math.abs(a) + (a - a);
        let part = divisor;
        for (let k = 0; k < 280; k++) {
          if (part + part <= magnitude) { part = part + part; }
        }
        for (let m = 0; m < 280; m++) {
          if (magnitude >= part) { magnitude = magnitude - part; }
          if (part > divisor) { part = part * 0.5; }
        }
        remainder = (a < 0) ? (-magnitude) : magnitude;
      }
    }
    if (b !== b) { remainder = b; }
    let signed = (b < 0) ? ((remainder > 0) ? remainder + b : remainder) : ((remainder < 0) ? remainder + b : remainder);
    return (signed === 0) ? ((b < 0) ? -0 : 0) : signed;
  }`),
  errorFunction: numeric(`function errorFunction(x) {
    let square = x * x;
    let center = x + x * ${polynomial('square', erfCenter)};
    let magnitude = Math.min(Math.abs(x), 3.92);
    let tail = (Math.abs(x) < 3.92) ? Math.exp(${polynomial('magnitude', erfTail)}) : 0;
    let signed = (x < 0) ? tail - 1 : 1 - tail;
    return (Math.abs(x) > 0.92) ? signed : center;
  }`),
};

const commonUnary = {
  neg: (x, type) => (type === 'i32' ? `(0 - ${x})` : `(-${x})`),
  abs: unary('Math.abs'),
  sign: unary('Math.sign'),
  floor: unary('Math.floor'),
  ceil: unary('Math.ceil'),
  round: unary('roundHalfToEven'),
  sqrt: unary('Math.sqrt'),
  reciprocalSqrt: (x) => `(1 / Math.sqrt(${x}))`,
  exp: unary('Math.exp'),
  log: unary('Math.log'),
  sin: unary('Math.sin'),
  cos: unary('Math.cos'),
  erf: unary('errorFunction'),
  not: (x) => `(1 - ${x})`,
} as const satisfies Partial<Dialect['unary']>;

const commonBinary: Dialect['binary'] = {
  add: (a, b) => `(${a} + ${b})`,
  sub: (a, b) => `(${a} - ${b})`,
  mul: (a, b, type) => (type === 'i32' ? `Math.imul(${a}, ${b})` : `(${a} * ${b})`),
  div: (a, b, type) => (type === 'i32' ? `quotientTowardZero(${a}, ${b})` : `(${a} / ${b})`),
  mod: (a, b, type) => (type === 'i32' ? `integerModulo(${a}, ${b})` : `floorModulo(${a}, ${b})`),
  pow: binary('power'),
  max: binary('Math.max'),
  min: binary('Math.min'),
  and: (a, b) => `(${a} * ${b})`,
  or: binary('Math.max'),
};

const cast: Dialect['cast'] = { f32: (x) => x, i32: unary('truncated') as (x: string) => string, bool: (x) => `((${x} !== 0) ? 1 : 0)` };

/** For modes that compute with JavaScript's functions: they are exact, and IEEE 754 holds. */
export const exactDialect: Dialect = {
  unary: {
    ...commonUnary,
    expm1: unary('Math.expm1'),
    log1p: unary('Math.log1p'),
    tanh: unary('Math.tanh'),
    sigmoid: (x) => `(1 / (1 + Math.exp(-${x})))`,
  },
  binary: commonBinary,
  cast,
  infinity: '(1 / 0)',
  notANumber: '(0 / 0)',
  helpers: {
    ...commonHelpers,
    // As IEEE 754 has it: 1 to any power is 1, −1 to an infinite power is 1.
    power: numeric(`function power(a, b) {
      let infinite = ((a === -1) && (Math.abs(b) > 3.4e38)) ? 1 : Math.pow(a, b);
      let exact = (b === 2) ? a * a : infinite;
      return (a === 1) ? 1 : exact;
    }`),
  },
};

const smallestNormal = 2 ** -126;
/** x² and on of eˣ − 1 = x (1 + x/2 + x²/6 + …), for |x| < 0.5. */
const expm1Series = [1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320];
/** 2·artanh(s)/s in s², for |s| ≤ 0.25. */
const artanhSeries = [2, 2 / 3, 2 / 5, 2 / 7, 2 / 9, 2 / 11, 2 / 13];

/** For shaders. Their compilers may suppose that there is no NaN and no infinity, and `expm1` and the like of gpu.js lose all digits near 0. */
export const shaderDialect: Dialect = {
  unary: {
    ...commonUnary,
    expm1: unary('exponentialLessOne'),
    log1p: unary('logarithmOfOnePlus'),
    tanh: unary('hyperbolicTangent'),
    log: unary('logarithm'),
    sigmoid: (x) => `(1 / (1 + Math.exp(Math.min(88, -${x}))))`,
  },
  binary: commonBinary,
  cast,
  // Texts of infinities are the largest finite number in shaders.
  infinity: 'squared(3e38)',
  notANumber: '(squared(3e38) - squared(3e38))',
  helpers: {
    ...commonHelpers,
    squared: numeric('function squared(x) { return x * x; }'),
    exponentialLessOne: numeric(`function exponentialLessOne(x) {
      let near = x * ${polynomial('x', expm1Series)};
      return (Math.abs(x) < 0.5) ? near : Math.exp(x) - 1;
    }`),
    logarithmOfOnePlus: numeric(`function logarithmOfOnePlus(x) {
      let s = x / (2 + x);
      let square = s * s;
      let near = s * ${polynomial('square', artanhSeries)};
      return (Math.abs(x) < 0.4) ? near : Math.log(1 + x);
    }`),
    // Devices that take numbers below the normal range for zeros may have a finite logarithm for them.
    logarithm: numeric(`function logarithm(x) {
      let huge = 3e38;
      let infinite = huge * huge;
      let outside = (x < 0) ? infinite - infinite : (-infinite);
      return (x < ${smallestNormal}) ? outside : Math.log(x);
    }`),
    hyperbolicTangent: numeric(`function hyperbolicTangent(x) {
      let double = 2 * Math.min(Math.abs(x), 20);
      let near = double * ${polynomial('double', expm1Series)};
      let less = (double < 0.5) ? near : Math.exp(double) - 1;
      let magnitude = less / (less + 2);
      return (x < 0) ? (-magnitude) : magnitude;
    }`),
    power: numeric(`function power(a, b) {
      let huge = 3e38;
      let infinite = huge * huge;
      let magnitude = Math.pow(Math.abs(a), b);
      let odd = (Math.floor(b * 0.5) * 2 === b) ? 0 : 1;
      let negative = (Math.floor(b) === b) ? ((odd > 0) ? (-magnitude) : magnitude) : infinite - infinite;
      let any = (a < 0) ? negative : magnitude;
      let zero = (b > 0) ? 0 : infinite;
      let other = (a === 0) ? ((b === 0) ? 1 : zero) : any;
      let exact = (b === 2) ? a * a : other;
      return (a === 1) ? 1 : exact;
    }`),
  },
};
