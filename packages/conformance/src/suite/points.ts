// Expressions at given points on a backend, and whether what comes out is right: judged point by point, in units that follow from the
// functions and from how far the inputs' own rounding moves the result.
import type { DType, Expr, ScalarType } from '@nn/core';
import { NdArray, newTrace, printProgram, scalar } from '@nn/core';
import { share, smallestNormal } from '../golden/compare.ts';
import type { WorstElement } from '../golden/compare.ts';
import { execute } from '../golden/execute.ts';
import type { CaseContext, CaseOutcome } from './contract.ts';
import { rewritten } from './rewrite.ts';
import { shaderMargin, shaderPatterns, withShaderErrors } from './shaderErrors.ts';
import { staysFinite } from './staysFinite.ts';

/** An expression at some points, one row of numbers per input. */
export interface Points {
  readonly expression: Expr;
  readonly inputs: readonly (readonly number[])[];
}

/**
 * An element may be off by 2e-6 of itself, eight times what it moves when an input moves by half a unit in its last place, and four
 * times the rounding of a plain float32 evaluation. A value that overflows or underflows on the way may be what float32 makes of it.
 */
export async function checkPoints(points: Points, { backend, factor }: CaseContext): Promise<CaseOutcome> {
  const { expression, inputs } = points;
  const { actual, program } = await evaluateOn(backend, points);
  const { subnormals, strictFloat, accuracy } = backend.capabilities;
  const functions = {
    double: scalar.evaluator(expression, 'f64'),
    single: scalar.evaluator(expression, 'f32'),
    flushing: scalar.evaluator(rewritten(expression, flushedNode), 'f32'),
    erring: (accuracy === 'shader' ? shaderPatterns : []).map((pattern) => scalar.evaluator(withShaderErrors(expression, pattern), 'f64')),
  };
  // Where numbers overflow on the way to the result, a backend without infinities may give anything.
  const isMeant = strictFloat ? () => true : scalar.evaluator(staysFinite(expression), 'f32');
  let worst: WorstElement | undefined;
  let point: readonly number[] = [];
  for (let index = 0; index < actual.length; index++) {
    const at = inputs.map((values) => values[index]!);
    if (!isMeant(at) || (!subnormals && !isMeant(at.map(flushed)))) continue;
    const element = judge(index, actual[index]!, at, { ...functions, factor, flushes: !subnormals });
    if (worst === undefined || share(element) > share(worst)) [worst, point] = [element, at];
  }
  if (worst === undefined) return { measured: 0, allowed: 0 };
  const { error: measured, allowed, expected } = worst;
  if (share(worst) <= 1) return { measured, allowed };
  return {
    reason: `at ${point.map(text).join(', ')} it gives ${text(worst.actual)}, but ${text(expected)} is expected (off by ${measured}, ${allowed} is allowed)`,
    measured,
    allowed,
    evidence: { program, expected: text(expected), actual: text(worst.actual) },
  };
}

type Function = (inputs: readonly number[]) => number;

interface Judge {
  readonly double: Function;
  readonly single: Function;
  /** float32 where numbers below the normal range become zero. */
  readonly flushing: Function;
  /** With the errors of shaders, if they are allowed. */
  readonly erring: readonly Function[];
  readonly factor: number;
  /** The device takes subnormal numbers for zeros. */
  readonly flushes: boolean;
}

function judge(index: number, actual: number, at: readonly number[], given: Judge): WorstElement {
  const { double, single, flushing, erring, factor, flushes } = given;
  const rounded = at.map(Math.fround);
  const readings = flushes ? [rounded, rounded.map(flushed)] : [rounded];
  const candidates = readings.flatMap((inputs) => {
    const expected = double(inputs);
    const float = single(inputs);
    const moved = shifts.flatMap((shift) => {
      const near = double(inputs.map((value, input) => value * (1 + (shift[input] ?? 0))));
      return distance(near, expected);
    });
    // A neighbour that takes another branch, or overflows, says nothing about the rest.
    const movement = Math.max(0, ...moved.filter(Number.isFinite));
    const rounding = distance(float, Math.fround(expected));
    // An overflow says nothing about the rounding of those that do not overflow.
    const terms = [2e-6 * Math.abs(expected), 8 * movement, 4 * rounding].filter(Number.isFinite);
    const room = Math.max(0, ...erring.map((evaluate) => shaderMargin * distance(evaluate(inputs), expected)).filter(Number.isFinite));
    const allowed = factor * terms.reduce((total, term) => total + term, 0) + room;
    const least = flushing(inputs);
    return [
      { index, actual, expected, ...errorOf(actual, expected, allowed) },
      { index, actual, expected: float, ...errorOf(actual, float, allowed) },
      { index, actual, expected: least, ...errorOf(actual, least, allowed) },
    ];
  });
  return candidates.toSorted((a, b) => share(a) - share(b))[0]!;
}

/** A number below the normal range as a zero of its sign. */
function flushed(value: number): number {
  return Math.abs(value) < smallestNormal ? (value < 0 ? -0 : 0) : value;
}

function flushedNode(node: Expr): Expr {
  if (node.type !== 'f32' || node.kind === 'input' || node.kind === 'const') return node;
  return scalar.select(scalar.less(scalar.abs(node), smallestNormal), 0, node);
}

const halfUlp = 2 ** -24;
const shifts = [
  [halfUlp, halfUlp],
  [-halfUlp, halfUlp],
  [halfUlp, -halfUlp],
  [-halfUlp, -halfUlp],
];

function errorOf(actual: number, expected: number, allowed: number): { error: number; allowed: number } {
  if (Math.abs(expected) < smallestNormal && Math.abs(actual) <= smallestNormal) return { error: 0, allowed };
  const error = distance(actual, expected);
  return { error: Number.isNaN(error) ? Infinity : error, allowed };
}

/** 0 for two equal infinities and two NaN. */
function distance(a: number, b: number): number {
  return Object.is(a, b) ? 0 : Math.abs(a - b);
}

/** Runs an expression as one map; its inputs are arrays of one axis. */
export async function evaluateOn(
  backend: CaseContext['backend'],
  { expression, inputs }: Points,
): Promise<{ actual: readonly number[]; program: string }> {
  const types = new Map(scalar.inputsOf(expression).map(({ index, type }) => [index, type]));
  const arrays = inputs.map((values, index) => arrayOf(values, types.get(index) ?? 'f32'));
  const trace = newTrace();
  const program = trace.run(() => {
    const tensors = arrays.map(({ shape, dtype }, index) => trace.input(String(index), { shape, dtype }));
    return trace.finish({ y: trace.record('map', { expression }, tensors)[0]! });
  });
  const given = { inputs: Object.fromEntries(arrays.map((array, index) => [String(index), array])), variables: {} };
  const { outputs } = await execute(backend, program, given);
  return { actual: Array.from(outputs.get('y')!.data), program: printProgram(program) };
}

function arrayOf(values: readonly number[], type: ScalarType): NdArray {
  const dtype: DType = type;
  const data = { f32: Float32Array, i32: Int32Array, bool: Uint8Array }[type].from(values);
  return new NdArray(data, [values.length], dtype);
}

/** A number with the sign of its zero. */
export function text(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
