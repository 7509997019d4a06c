// What shaders may be off: functions with the errors that the WebGPU Shading Language permits (WGSL, section Floating Point Accuracy), and
// how far they move a result. A tolerance for whatever is made of these functions follows from running it with such errors.
import { referenceBackend } from '@nn/backend-reference';
import type { Backend, Expr, MapAttrs, NdArray, Program, TensorSpec } from '@nn/core';
import { full, lower, scalar } from '@nn/core';
import { largest } from '../gradients/agreement.ts';
import { changedReference } from '../gradients/changedReference.ts';
import { rewritten } from './rewrite.ts';

/** What a function may be off: a part of its value, and beside that a number. */
interface Permitted {
  readonly relative?: Expr | number;
  readonly absolute?: number;
}

const ulp = 2 ** -23;
const exact: Permitted = {};
/** exp has 3 + 2|x| units in the last place; what is made of it has as many. */
const exponential = (x: Expr): Permitted => ({ relative: scalar.mul(scalar.add(scalar.mul(2, scalar.abs(bounded(x))), 6), ulp) });
const logarithm: Permitted = { relative: 3 * ulp, absolute: 2 ** -21 };
const wave: Permitted = { absolute: 2 ** -11 };

const unaryErrors: { readonly [Name in scalar.UnaryName]: (x: Expr) => Permitted } = {
  neg: () => exact,
  abs: () => exact,
  sign: () => exact,
  floor: () => exact,
  ceil: () => exact,
  round: () => exact,
  not: () => exact,
  // sqrt(x) is 1 / inverseSqrt(x).
  sqrt: () => ({ relative: 4.5 * ulp }),
  reciprocalSqrt: () => ({ relative: 2 * ulp }),
  exp: exponential,
  expm1: exponential,
  sigmoid: exponential,
  log: () => logarithm,
  log1p: () => logarithm,
  sin: () => wave,
  cos: () => wave,
  tanh: () => ({ absolute: 1e-5 }),
  // WGSL has none: a polynomial and an exponential.
  erf: () => ({ absolute: 2 ** -21 }),
};

const binaryErrors: { readonly [Name in scalar.BinaryName]: (a: Expr, b: Expr) => Permitted } = {
  add: () => exact,
  sub: () => exact,
  mul: () => exact,
  div: () => ({ relative: 2.5 * ulp }),
  mod: () => exact,
  // exp2(b * log2(a)): the logarithm's error is multiplied with b, and the exponential adds its own.
  pow: (a, b) => {
    const log2 = scalar.abs(bounded(scalar.mul(Math.LOG2E, scalar.log(scalar.abs(a)))));
    const power = scalar.abs(bounded(b));
    const fromLog = scalar.mul(power, scalar.add(2 ** -21, scalar.mul(3 * ulp, log2)));
    return { relative: scalar.add(fromLog, scalar.mul(ulp, scalar.add(3, scalar.mul(2, scalar.mul(power, log2))))) };
  },
  max: () => exact,
  min: () => exact,
  and: () => exact,
  or: () => exact,
};

/** A number that errors can be computed from, also where x is infinite. */
function bounded(x: Expr): Expr {
  return scalar.max(-1e4, scalar.min(x, 1e4));
}

/**
 * The expression with every function as far off as WGSL lets it, up or down, by other parts at other places and in other patterns. Where
 * no function may err, it is the same expression.
 */
export function withShaderErrors(expression: Expr, pattern: Expr | number): Expr {
  let ordinal = 0;
  const erring = rewritten(expression, (node) => {
    if (node.type !== 'f32' || (node.kind !== 'unary' && node.kind !== 'binary')) return node;
    const permitted = node.kind === 'unary' ? unaryErrors[node.name](node.x) : binaryErrors[node.name](node.a, node.b);
    const { relative = 0, absolute = 0 } = permitted;
    if (relative === 0 && absolute === 0) return node;
    ordinal += 1;
    const place = node.kind === 'unary' ? node.x : scalar.add(node.a, scalar.mul(Math.SQRT2, node.b));
    const part = scalar.sin(scalar.add(scalar.mul(bounded(place), 7919), scalar.add(1.7 * ordinal, scalar.mul(0.9, pattern))));
    return scalar.add(scalar.mul(node, scalar.add(1, scalar.mul(relative, part))), scalar.mul(absolute, part));
  });
  return ordinal === 0 ? expression : erring;
}

/** The input of programs with errors that says which are up and which down: f32 []. */
const patternInput = 'pattern of shader errors';

function programWithShaderErrors(program: Program): Program {
  const lowered = lower(program, () => false);
  const pattern = lowered.slots.length;
  const instrs = lowered.instrs.map((instr) => {
    if (instr.op !== 'map') return instr;
    const { expression } = instr.attrs as MapAttrs;
    const erring = withShaderErrors(expression, scalar.input(instr.in.length, 'f32'));
    return erring === expression ? instr : { ...instr, attrs: { expression: erring }, in: [...instr.in, pattern] };
  });
  const slots: TensorSpec[] = [...lowered.slots, { shape: [], dtype: 'f32' }];
  return { ...lowered, slots, instrs, inputs: { ...lowered.inputs, [patternInput]: pattern } };
}

/** How many patterns of errors are tried. */
export const shaderPatterns: readonly number[] = [0, 1, 2, 3];
/** The patterns do not find the worst that could be. */
export const shaderMargin = 2;

/**
 * How far what `run` gives moves when every function errs as shaders may.
 * @param run computes results by name on a backend
 */
export async function shaderRoom(run: (backend: Backend) => Promise<ReadonlyMap<string, NdArray>>): Promise<Map<string, number>> {
  const [reference, added] = [referenceBackend(), { [patternInput]: full([], 0) }];
  const erring = changedReference(programWithShaderErrors, added);
  try {
    const exactly = await run(reference);
    const room = new Map<string, number>();
    for (const pattern of shaderPatterns) {
      added[patternInput] = full([], pattern);
      for (const [name, { data }] of await run(erring)) {
        const expected = exactly.get(name)!;
        const moved = largest(expected, (element, index) => Math.abs(element - data[index]!));
        room.set(name, Math.max(room.get(name) ?? 0, shaderMargin * moved));
      }
    }
    return room;
  } finally {
    await reference.dispose();
    await erring.dispose();
  }
}
