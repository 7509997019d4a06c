// What expressions mean on the backend: the facts of the semantics table, and every function and its derivative at values where
// implementations differ.
import type { DType, Expr, ScalarType } from '@nn/core';
import { NdArray, newTrace, printProgram, scalar } from '@nn/core';
import { share, smallestNormal } from '../golden/compare.ts';
import type { WorstElement } from '../golden/compare.ts';
import { execute } from '../golden/execute.ts';
import type { ExpressionSample } from '../samples/scalars.ts';
import { binarySamples, comparisonSamples, composedSamples, unarySamples } from '../samples/scalars.ts';
import { needsStrictFloat, needsSubnormals } from './capabilities.ts';
import type { CaseContext, CaseOutcome, ConformanceCase, Level } from './contract.ts';
import { rewritten } from './rewrite.ts';

/** An expression at some points, one row of numbers per input. */
interface Points {
  readonly expression: Expr;
  readonly inputs: readonly (readonly number[])[];
}

/** The facts of core's table, those of one function in one program. Zeros have their sign, and nothing is rounded. */
export function semanticsCases(): ConformanceCase[] {
  const groups = new Map<string, scalar.SemanticsCase[]>();
  for (const fact of scalar.semanticsCases()) {
    const isOrdinary = [...fact.inputs, fact.expected].every((value) => Number.isFinite(value) && !Object.is(value, -0));
    const title = `${fact.name.slice(0, fact.name.indexOf(':'))}${isOrdinary ? '' : ', special values'}`;
    groups.set(title, [...(groups.get(title) ?? []), fact]);
  }
  return [...groups].map(([title, facts]) => ({
    ...about('forward', `semantics of ${title}`),
    ...(title.endsWith('special values') ? { unsupported: needsStrictFloat } : {}),
    async run({ backend }) {
      const { expression } = facts[0]!;
      const points = { expression, inputs: transposed(facts.map(({ inputs }) => inputs)) };
      const { actual, program } = await evaluateOn(backend, points);
      const wrong = facts.findIndex(({ expected }, index) => !Object.is(actual[index]!, expected));
      if (wrong < 0) return { measured: 0, allowed: 0 };
      return {
        reason: `${facts[wrong]!.name}, but it gives ${text(actual[wrong]!)}`,
        evidence: { program, expected: facts.map(({ expected }) => text(expected)).join(', '), actual: actual.map(text).join(', ') },
      };
    },
  }));
}

const finiteValues = [0, -0, 88.8, -88.8, 1e38, -1e38, 1e-40, -1e-40, 2 ** -149, 1e-5, -3e-4, 0.375, -1.75];
const nonFiniteValues = [Infinity, -Infinity, NaN, 1.5];

/** Every function and its derivatives at zeros, subnormals, values where exp or squares overflow, infinities and NaN. */
export function valueCases(): ConformanceCase[] {
  const samples: Record<string, ExpressionSample> = { ...unarySamples, ...binarySamples, ...comparisonSamples, ...composedSamples };
  const [x, y] = [scalar.input(0, 'f32'), scalar.input(1, 'f32')];
  return Object.entries(samples).flatMap(([name, { expression: build, y: hasSecond }]) => {
    const expression = build(x, y);
    const operands = hasSecond === undefined ? 1 : 2;
    const derivatives = [0, 1].slice(0, operands).flatMap((index) => scalar.differentiate(expression, index) ?? []);
    return [
      { title: 'extreme values', values: finiteValues, strict: false },
      { title: 'infinities and NaN', values: nonFiniteValues, strict: true },
    ].flatMap(({ title, values, strict }) => {
      const inputs = operands === 1 ? [values] : transposed(values.flatMap((first) => values.map((second) => [first, second])));
      const requirement = strict ? { unsupported: needsStrictFloat } : {};
      const forward: ConformanceCase = {
        ...about('forward', `${name} of ${title}`),
        ...requirement,
        run: (context) => checkPoints({ expression, inputs }, context),
      };
      if (derivatives.length === 0) return [forward];
      const gradients: ConformanceCase = {
        ...about('gradients', `${name} of ${title}`),
        ...requirement,
        async run(context) {
          const outcomes: CaseOutcome[] = [];
          for (const derivative of derivatives) outcomes.push(await checkPoints({ expression: derivative, inputs }, context));
          return outcomes.find(({ reason }) => reason !== undefined) ?? outcomes[0]!;
        },
      };
      return [forward, gradients];
    });
  });
}

/** Halves of numbers below the normal range, which are exact. */
export function subnormalCase(): ConformanceCase {
  const values = [1e-40, -1e-40, 2 ** -126, 2 ** -148, -(2 ** -148)];
  return {
    ...about('forward', 'halves below the normal range'),
    unsupported: needsSubnormals,
    async run({ backend }) {
      const { actual, program } = await evaluateOn(backend, { expression: scalar.mul(scalar.input(0, 'f32'), 0.5), inputs: [values] });
      const expected = values.map((value) => Math.fround(Math.fround(value) / 2));
      const wrong = expected.findIndex((value, index) => value !== Math.fround(actual[index]!));
      if (wrong < 0) return { measured: 0, allowed: 0 };
      const evidence = { program, expected: expected.map(text).join(', '), actual: actual.map(text).join(', ') };
      return { reason: `half of ${values[wrong]} is ${text(actual[wrong]!)}`, evidence };
    },
  };
}

function about(level: Level, title: string): Pick<ConformanceCase, 'id' | 'level' | 'subject' | 'op' | 'tier'> {
  return { id: `${level}/map/${title}`, level, subject: 'map', op: 'map', tier: 'quick' };
}

/**
 * An element may be off by 2e-6 of itself, eight times what it moves when an input moves by half a unit in its last place, and four
 * times the rounding of a plain float32 evaluation. A value that overflows or underflows on the way may be what float32 makes of it.
 */
async function checkPoints(points: Points, { backend, factor }: CaseContext): Promise<CaseOutcome> {
  const { expression, inputs } = points;
  const { actual, program } = await evaluateOn(backend, points);
  const functions = {
    double: scalar.evaluator(expression, 'f64'),
    single: scalar.evaluator(expression, 'f32'),
    flushed: scalar.evaluator(rewritten(expression, flushedNode), 'f32'),
  };
  let worst: WorstElement | undefined;
  let point: readonly number[] = [];
  for (let index = 0; index < actual.length; index++) {
    const at = inputs.map((values) => values[index]!);
    const element = judge(index, actual[index]!, at, { ...functions, factor, flushes: !backend.capabilities.subnormals });
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
  readonly flushed: Function;
  readonly factor: number;
  /** The device takes subnormal numbers for zeros. */
  readonly flushes: boolean;
}

function judge(index: number, actual: number, at: readonly number[], { double, single, flushed, factor, flushes }: Judge): WorstElement {
  const rounded = at.map(Math.fround);
  const readings = flushes ? [rounded, rounded.map((value) => (Math.abs(value) < smallestNormal ? 0 : value))] : [rounded];
  const candidates = readings.flatMap((inputs) => {
    const expected = double(inputs);
    const float = single(inputs);
    const moved = shifts.flatMap((shift) => {
      const near = double(inputs.map((value, input) => value * (1 + (shift[input] ?? 0))));
      return distance(near, expected);
    });
    const movement = Math.max(...moved);
    const rounding = distance(float, Math.fround(expected));
    // An overflow says nothing about the rounding of those that do not overflow.
    const terms = [2e-6 * Math.abs(expected), 8 * movement, 4 * rounding].filter(Number.isFinite);
    const allowed = factor * terms.reduce((total, term) => total + term, 0);
    const least = flushed(inputs);
    return [
      { index, actual, expected, ...errorOf(actual, expected, allowed) },
      { index, actual, expected: float, ...errorOf(actual, float, allowed) },
      { index, actual, expected: least, ...errorOf(actual, least, allowed) },
    ];
  });
  return candidates.toSorted((a, b) => share(a) - share(b))[0]!;
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
async function evaluateOn(
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

function transposed(rows: readonly (readonly number[])[]): number[][] {
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]!));
}

function text(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
