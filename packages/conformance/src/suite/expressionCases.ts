// What expressions mean on the backend: the facts of the semantics table, and every function and its derivative at values where
// implementations differ.
import { scalar } from '@nn/core';
import { smallestNormal } from '../golden/compare.ts';
import type { ExpressionSample } from '../samples/scalars.ts';
import { binarySamples, comparisonSamples, composedSamples, unarySamples } from '../samples/scalars.ts';
import { needsExactIntegers, needsStrictFloat, needsSubnormals } from './capabilities.ts';
import type { CaseOutcome, ConformanceCase, Level } from './contract.ts';
import { checkPoints, evaluateOn, text } from './points.ts';

/** What numbers in a fact ask of a backend. */
const demands: readonly {
  readonly title: string;
  readonly has: (value: number) => boolean;
  readonly unsupported: NonNullable<ConformanceCase['unsupported']>;
}[] = [
  { title: 'special values', has: (value) => !Number.isFinite(value) || Object.is(value, -0), unsupported: needsStrictFloat },
  { title: 'subnormals', has: (value) => value !== 0 && Math.abs(value) < smallestNormal, unsupported: needsSubnormals },
  { title: 'large integers', has: (value) => Number.isInteger(value) && Math.abs(value) > 2 ** 24, unsupported: needsExactIntegers },
];

/** The facts of core's table, those of one function in one program. Zeros have their sign, and nothing is rounded. */
export function semanticsCases(): ConformanceCase[] {
  const groups = new Map<string, { readonly facts: scalar.SemanticsCase[]; readonly asked: typeof demands }>();
  for (const fact of scalar.semanticsCases()) {
    const asked = demands.filter(({ has }) => [...fact.inputs, fact.expected].some(has));
    const title = [fact.name.slice(0, fact.name.indexOf(':')), ...asked.map((demand) => demand.title)].join(', ');
    const group = groups.get(title) ?? { facts: [], asked };
    group.facts.push(fact);
    groups.set(title, group);
  }
  return [...groups].map(([title, { facts, asked }]) => ({
    ...about('forward', `semantics of ${title}`),
    unsupported: (capabilities, context) => asked.flatMap(({ unsupported }) => unsupported(capabilities, context) ?? [])[0],
    async run(context) {
      const { expression } = facts[0]!;
      const points = { expression, inputs: transposed(facts.map(({ inputs }) => inputs)) };
      // Functions of shaders are not exact even where the result is a whole number.
      if (context.backend.capabilities.accuracy === 'shader') return checkPoints(points, context);
      const { actual, program } = await evaluateOn(context.backend, points);
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

function transposed(rows: readonly (readonly number[])[]): number[][] {
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]!));
}
