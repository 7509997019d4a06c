// The loops of block evaluation. They compute what functions.ts defines: storing into a Float32Array is the rounding, storing into an
// Int32Array the wrapping. Each function has a loop of its own, since a loop that calls a function value runs at a third of the speed.
import type { TypedArray } from '../array/dtype.ts';
import { erf } from './erf.ts';
import { floorModulo, integerFloorModulo, power, roundHalfToEven, saturatingTruncate } from './functions.ts';
import type { Step } from './linearize.ts';
import type { BinaryName, ComparisonName, ScalarType, UnaryName } from './types.ts';

/**
 * Writes `count` elements of `out` from up to three operands, each array followed by the place where its block begins.
 * `out` may be one of the operands at the same place.
 */
export type Kernel = (
  count: number,
  out: TypedArray,
  o: number,
  first: TypedArray,
  i: number,
  second: TypedArray,
  j: number,
  third: TypedArray,
  k: number,
) => void;

const unaryKernels: Readonly<Record<UnaryName, Kernel>> = {
  neg: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = -x[i + n]!;
  },
  abs: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = Math.abs(x[i + n]!);
  },
  sign: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = Math.sign(x[i + n]!);
  },
  floor: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = Math.floor(x[i + n]!);
  },
  ceil: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = Math.ceil(x[i + n]!);
  },
  round: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = roundHalfToEven(x[i + n]!);
  },
  sqrt: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = Math.sqrt(x[i + n]!);
  },
  reciprocalSqrt: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = 1 / Math.sqrt(x[i + n]!);
  },
  exp: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = Math.exp(x[i + n]!);
  },
  expm1: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = Math.expm1(x[i + n]!);
  },
  log: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = Math.log(x[i + n]!);
  },
  log1p: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = Math.log1p(x[i + n]!);
  },
  sin: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = Math.sin(x[i + n]!);
  },
  cos: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = Math.cos(x[i + n]!);
  },
  tanh: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = Math.tanh(x[i + n]!);
  },
  sigmoid: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = 1 / (1 + Math.exp(-x[i + n]!));
  },
  erf: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = erf(x[i + n]!);
  },
  not: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = x[i + n]! ^ 1;
  },
};

const binaryKernels: Readonly<Record<BinaryName, Kernel>> = {
  add: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = a[i + n]! + b[j + n]!;
  },
  sub: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = a[i + n]! - b[j + n]!;
  },
  mul: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = a[i + n]! * b[j + n]!;
  },
  div: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = a[i + n]! / b[j + n]!;
  },
  mod: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = floorModulo(a[i + n]!, b[j + n]!);
  },
  pow: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = power(a[i + n]!, b[j + n]!);
  },
  max: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = Math.max(a[i + n]!, b[j + n]!);
  },
  min: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = Math.min(a[i + n]!, b[j + n]!);
  },
  and: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = a[i + n]! & b[j + n]!;
  },
  or: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = a[i + n]! | b[j + n]!;
  },
};

/** Where 32-bit integers need more than the wrapping store: exact products, remainders by 0. */
const integerKernels: { readonly [Name in BinaryName]?: Kernel } = {
  mul: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = Math.imul(a[i + n]!, b[j + n]!);
  },
  mod: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = integerFloorModulo(a[i + n]!, b[j + n]!);
  },
};

// `Number(…)` compiles to a flag, `… ? 1 : 0` to a branch.
const comparisonKernels: Readonly<Record<ComparisonName, Kernel>> = {
  less: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = Number(a[i + n]! < b[j + n]!);
  },
  lessEqual: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = Number(a[i + n]! <= b[j + n]!);
  },
  greater: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = Number(a[i + n]! > b[j + n]!);
  },
  greaterEqual: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = Number(a[i + n]! >= b[j + n]!);
  },
  equal: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = Number(b[j + n] === a[i + n]);
  },
  notEqual: (count, out, o, a, i, b, j) => {
    for (let n = 0; n < count; n++) out[o + n] = Number(a[i + n]! !== b[j + n]!);
  },
};

const castKernels: Readonly<Record<ScalarType, Kernel>> = {
  f32: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = x[i + n]!;
  },
  i32: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = saturatingTruncate(x[i + n]!);
  },
  bool: (count, out, o, x, i) => {
    for (let n = 0; n < count; n++) out[o + n] = Number(x[i + n]! !== 0);
  },
};

const selectKernel: Kernel = (count, out, o, condition, i, a, j, b, k) => {
  if (out instanceof Float64Array) {
    for (let n = 0; n < count; n++) out[o + n] = condition[i + n] !== 0 ? a[j + n]! : b[k + n]!;
  } else {
    selectBits(count, bitsOf(out), o, condition, i, bitsOf(a), j, bitsOf(b), k);
  }
};

/** Chooses without a branch, whose misprediction would cost more than all the rest where signs are random. */
const selectBits: Kernel = (count, out, o, condition, i, a, j, b, k) => {
  for (let n = 0; n < count; n++) {
    const other = b[k + n]!;
    out[o + n] = other ^ ((a[j + n]! ^ other) & -condition[i + n]!);
  }
};

function bitsOf(array: TypedArray): TypedArray {
  return array instanceof Float32Array ? new Int32Array(array.buffer, array.byteOffset, array.length) : array;
}

/** Copies, converting between the arrays that can hold one type. */
export const copyKernel: Kernel = castKernels.f32;

/** The loop of a step that has operands. */
export function kernelOf(step: Exclude<Step, { kind: 'input' | 'const' }>): Kernel {
  switch (step.kind) {
    case 'unary':
      return unaryKernels[step.name];
    case 'binary':
      return (step.type === 'i32' ? integerKernels[step.name] : undefined) ?? binaryKernels[step.name];
    case 'compare':
      return comparisonKernels[step.name];
    case 'select':
      return selectKernel;
    case 'cast':
      return castKernels[step.type];
  }
}
