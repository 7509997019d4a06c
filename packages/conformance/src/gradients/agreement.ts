// A backend against the float64 reference on one gradient problem: values and gradients, each within what its arithmetic allows.
import { referenceBackend } from '@nn/backend-reference';
import type { Backend, NdArray, Program } from '@nn/core';
import { NdArray as HostArray, fillBits, full, streamKey } from '@nn/core';
import type { Comparison, Judging } from '../golden/compare.ts';
import { compareTensor } from '../golden/compare.ts';
import type { ProgramArrays, ProgramResults } from '../golden/execute.ts';
import { execute, executeEach } from '../golden/execute.ts';
import type { GoldenTolerance } from '../golden/format.ts';
import { goldenTensor } from '../golden/format.ts';
import type { GradientProblem } from './problem.ts';
import { gradientProgram } from './problem.ts';
import { halfUlp, roundingPattern, withRounding } from './rounding.ts';

/** How one result of a problem compares: `result/0`, `gradient/x`, `variable/runningMean`. */
export interface Agreement extends Comparison {
  readonly where: string;
}

/** Perturbations tried to see how far a result moves. */
const patterns = 8;

export interface AgreementOptions {
  /** On every tolerance: 1 for CPU float32 or better, 4 for WebAssembly and GPUs. */
  readonly factor: number;
  /** What is allowed in place of what the conditioning allows; its atol is a part of the largest element (at least of 1). */
  readonly fixed?: GoldenTolerance;
}

/** What a result of a program must be, and how far off it may be. */
export interface Expectation {
  readonly value: NdArray;
  readonly tolerance: GoldenTolerance;
  /** See {@link CompareOptions}. */
  readonly room?: number;
}

/**
 * Runs a problem on `backend` and on the reference and compares outputs, gradients and the variables after the run. What is allowed:
 * {@link expectationsOf}.
 */
export async function compareWithReference(
  backend: Backend,
  problem: GradientProblem,
  { factor, fixed }: AgreementOptions,
): Promise<Agreement[]> {
  const program = gradientProgram(problem);
  const expectations = await expectationsOf(problem, program, fixed === undefined ? {} : { fixed });
  return compareResults(await execute(backend, program, problem), expectations, { factor });
}

/** Every expected result beside the actual one. */
export function compareResults(results: ProgramResults, expectations: ReadonlyMap<string, Expectation>, judging: Judging): Agreement[] {
  const actual = resultsByName(results);
  return [...expectations].map(([where, { value, tolerance, room }]) => ({
    where,
    ...compareTensor(actual.get(where)!, goldenTensor(value), { ...judging, tolerance, room }),
  }));
}

/**
 * What the reference makes of a program. A result may be off by 2e-6 of itself, four half units in the last place of the largest
 * element, and eight times what it moves in float64 when every input moves by half a unit, or every number that its definition computes on
 * the way: the rule of the golden vectors, which gives badly conditioned results room and no others.
 * @param options absolute: allowed beside that, as the functions of the op ask for
 */
export async function expectationsOf(
  problem: Pick<GradientProblem, 'inputs' | 'variables' | 'by' | 'exact'>,
  program: Program,
  { fixed, absolute = 0 }: { readonly fixed?: GoldenTolerance; readonly absolute?: number } = {},
): Promise<Map<string, Expectation>> {
  const reference = referenceBackend();
  try {
    const shifts = Array.from({ length: patterns }, (_, pattern) => perturbed(problem, pattern));
    const exact = resultsByName(await execute(reference, program, problem));
    const moved = (await executeEach(reference, withRounding(program), shifts)).map(resultsByName);
    return new Map(
      [...exact].map(([where, value]) => {
        const scale = largest(value, Math.abs);
        const change = (results: NamedArrays): number =>
          largest(results.get(where)!, (element, index) => Math.abs(element - value.data[index]!));
        const allowed = (): GoldenTolerance => {
          if (problem.exact && where.startsWith('result/')) return { rtol: 0, atol: 0 };
          if (fixed !== undefined) return { rtol: fixed.rtol, atol: fixed.atol * Math.max(1, scale) };
          return { rtol: 2e-6, atol: absolute + Math.max(4 * halfUlp * scale, 8 * Math.max(...moved.map(change))) };
        };
        return [where, { value, tolerance: allowed() }];
      }),
    );
  } finally {
    await reference.dispose();
  }
}

type NamedArrays = ReadonlyMap<string, NdArray>;

/** Outputs and variables after the run, under one name each. */
export function resultsByName({ outputs, variables }: ProgramResults): NamedArrays {
  return new Map([...outputs, ...[...variables].map(([name, value]) => [`variable/${name}`, value] as const)]);
}

/** The largest finite value of a measure over all elements; 0 for an array without any. */
export function largest({ data }: NdArray, measure: (value: number, index: number) => number): number {
  let found = 0;
  for (let index = 0; index < data.length; index++) {
    const value = measure(data[index]!, index);
    if (value > found && Number.isFinite(value)) found = value;
  }
  return found;
}

/** Every number that the problem is differentiated by, moved up or down by half a unit in its last place, and so roundings on the way. */
function perturbed(problem: Pick<GradientProblem, 'inputs' | 'variables' | 'by'>, pattern: number): ProgramArrays {
  const move = (arrays: Readonly<Record<string, NdArray>>): Record<string, NdArray> =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, array]) => [name, problem.by.includes(name) ? shifted(array, `${name} ${pattern}`) : array]),
    );
  return { inputs: { ...move(problem.inputs), [roundingPattern]: full([], pattern) }, variables: move(problem.variables) };
}

function shifted({ data, shape }: NdArray, name: string): NdArray {
  const bits = new Uint32Array(data.length);
  fillBits(streamKey(2, name, 0, 0), bits);
  return new HostArray(
    Float64Array.from(data, (value, index) => value * (1 + (bits[index]! >>> 31 === 0 ? halfUlp : -halfUlp))),
    shape,
    'f32',
  );
}
