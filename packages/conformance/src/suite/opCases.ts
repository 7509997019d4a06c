// Values and gradients of every op and layer beside the reference, from the samples that are typed by the op table and the layers.
import type { OpName } from '@nn/core';
import { opNames } from '@nn/core';
import { expectationsOf } from '../gradients/agreement.ts';
import type { Expectation } from '../gradients/agreement.ts';
import { hardProblems } from '../gradients/hardProblems.ts';
import { layerProblem } from '../gradients/layerProblem.ts';
import type { GradientProblem } from '../gradients/problem.ts';
import { byEach, gradientProgram, opProblems } from '../gradients/problem.ts';
import type { GoldenTolerance } from '../golden/format.ts';
import type { Draw } from '../samples/arrays.ts';
import type { SomeSamples } from '../samples/opSample.ts';
import { layerSamplesOf } from '../samples/layers.ts';
import { opSamplesOf } from '../samples/ops.ts';
import { largeSamplesOf, nonFiniteSamplesOf, shapeSamplesOf, valueSamplesOf } from '../samples/shapes.ts';
import { needsStrictFloat } from './capabilities.ts';
import type { ConformanceCase, Tier } from './contract.ts';
import { programCase } from './programCase.ts';

/** Samples of ops as cases, each composite whole and decomposed. */
export function sampleCases(samples: SomeSamples, options: Pick<ProblemCaseOptions, 'tier' | 'unsupported'> = {}): ConformanceCase[] {
  return (opNames as readonly OpName[]).flatMap((op) =>
    opProblems(op, samples).flatMap((problem) =>
      problemCases({ problem, name: op, subject: op, op, absolute: absolutes[op] ?? 0, ...options }),
    ),
  );
}

/** Every sample of every op; odd, empty and large shapes; values that break shortcuts. */
export function opCases(draw: Draw): ConformanceCase[] {
  return [
    ...sampleCases(opSamplesOf(draw)),
    ...sampleCases(shapeSamplesOf(draw)),
    ...sampleCases(valueSamplesOf(draw)),
    ...sampleCases(nonFiniteSamplesOf(draw), { unsupported: needsStrictFloat }),
    ...sampleCases(largeSamplesOf(draw), { tier: 'full' }),
  ];
}

/** Every sample of every layer, in training and in inference. */
export function layerCases(draw: Draw): ConformanceCase[] {
  return Object.entries(layerSamplesOf(draw)).flatMap(([name, samples]) =>
    samples.flatMap((sample) =>
      [true, false].flatMap((training) =>
        problemCases({ problem: layerProblem(sample, training), name: `layer ${name}`, subject: `layer ${name}` }),
      ),
    ),
  );
}

/** Data that float32 handles badly. */
export function hardCases(): ConformanceCase[] {
  return hardProblems().flatMap(({ problem, allowed }) =>
    problemCases({ problem, name: 'hard data', subject: 'hard data', fixed: allowed }),
  );
}

export interface ProblemCaseOptions {
  readonly problem: GradientProblem;
  /** The part of the id before the problem's title. */
  readonly name: string;
  readonly subject: string;
  readonly op?: OpName;
  readonly tier?: Tier;
  /** Allowed beside what the conditioning allows. */
  readonly absolute?: number;
  readonly fixed?: GoldenTolerance;
  readonly unsupported?: ConformanceCase['unsupported'];
}

/** Two cases: results and variables written; and gradients, by all arrays together and by each alone. Variants are asked less. */
export function problemCases(options: ProblemCaseOptions): ConformanceCase[] {
  const { problem, name, subject, op, tier = 'quick', absolute, fixed, unsupported } = options;
  const { isVariant = false } = problem;
  const about = { subject, op, tier, ...(unsupported === undefined ? {} : { unsupported }) };
  const tolerance = { ...(absolute === undefined ? {} : { absolute }), ...(fixed === undefined ? {} : { fixed }) };
  const forward = programCase({ ...about, id: `forward/${name}/${problem.title}`, level: 'forward' }, async () => {
    const program = gradientProgram({ ...problem, by: [] });
    return [{ program, arrays: problem, expectations: await expectationsOf(problem, program, tolerance), oneWay: isVariant }];
  });
  if (problem.by.length === 0) return [forward];
  const gradients = programCase({ ...about, id: `gradients/${name}/${problem.title}`, level: 'gradients' }, async () => {
    const program = gradientProgram(problem);
    const expectations = select(await expectationsOf(problem, program, tolerance), (where) => where.startsWith('gradient/'));
    return [
      { program, arrays: problem, expectations, oneWay: isVariant },
      ...(isVariant ? [] : byEach(problem)).map((single) => ({
        title: `by ${single.by.join()} alone`,
        oneWay: true,
        program: gradientProgram(single),
        arrays: single,
        expectations: select(expectations, (where) => where === `gradient/${single.by.join()}`),
      })),
    ];
  });
  return [forward, gradients];
}

function select(expectations: ReadonlyMap<string, Expectation>, keep: (where: string) => boolean): Map<string, Expectation> {
  return new Map([...expectations].filter(([where]) => keep(where)));
}

/** What the functions inside an op are allowed, whatever the result is. */
const absolutes: { readonly [Name in OpName]?: number } = {
  softmax: 2e-7,
  logSoftmax: 5e-7,
  softmaxCrossEntropy: 1e-6,
  softmaxCrossEntropyGradient: 3e-7,
};
