// What a gradient check is given: a recorded function, its arrays, and what it is differentiated by.
import type { AnyOp, CompositeName, NdArray, OpName, Program, Tensor, Trace } from '@nn/core';
import { composites, constant, gradients, mul, newTrace, opNamed, sum } from '@nn/core';

import { firstDraw } from '../samples/arrays.ts';
import type { OpSample, SomeSamples } from '../samples/opSample.ts';
import { opSamples } from '../samples/ops.ts';

/** A function of arrays, recorded on demand. */
export interface GradientProblem {
  readonly title: string;
  /** Records it, with inputs and variables under the names below. @returns its results */
  record(trace: Trace): readonly Tensor[];
  readonly inputs: Readonly<Record<string, NdArray>>;
  readonly variables: Readonly<Record<string, NdArray>>;
  /** Names of the inputs and variables that it is differentiated by. */
  readonly by: readonly string[];
  /** Its results are the same numbers on every backend: it computes nothing, or integers. */
  readonly exact: boolean;
  /** Its gradients are zero, on purpose. */
  readonly stopsGradient: boolean;
  /** There is a problem with the same op and arrays that asks for more: this one is decomposed, or has fewer outputs. */
  readonly isVariant?: boolean;
}

/** The output of {@link lossProgram}. */
export const lossOutput = 'loss';

/** L = Σ w · result over all f32 results, with fixed weights w, so that every element counts and none as much as another. */
function weightedSum(results: readonly Tensor[]): Tensor {
  const terms = results
    .filter(({ dtype }) => dtype === 'f32')
    .map((result, index) => sum(mul(result, constant(firstDraw.normal(`weight ${index}`, result.shape)))));
  return terms.reduce((total, term) => total.add(term));
}

function recordGradients(problem: GradientProblem, trace: Trace, results: readonly Tensor[]): Tensor[] {
  const { by, variables } = problem;
  if (by.length === 0) return [];
  const tensors = by.map((name) => trace.existingInput(name) ?? trace.readVariable(name, variables[name]!));
  return gradients(weightedSum(results), tensors);
}

/** The program of L alone. */
export function lossProgram(problem: GradientProblem): Program {
  const trace = newTrace();
  return trace.run(() => trace.finish({ [lossOutput]: weightedSum(problem.record(trace)) }));
}

/** The program of the results (`result/0`, …) and of dL/d(array) (`gradient/x`). */
export function gradientProgram(problem: GradientProblem): Program {
  const trace = newTrace();
  return trace.run(() => {
    const results = problem.record(trace);
    const found = recordGradients(problem, trace, results);
    return trace.finish({
      ...Object.fromEntries(results.map((result, index) => [`result/${index}`, result])),
      ...Object.fromEntries(found.map((gradient, index) => [`gradient/${problem.by[index]}`, gradient])),
    });
  });
}

/** The problem whose results are the gradients of another one: checking it checks second derivatives. */
export function secondOrder(problem: GradientProblem): GradientProblem {
  return { ...problem, title: `${problem.title}, second order`, record: (trace) => recordGradients(problem, trace, problem.record(trace)) };
}

/**
 * Every sample of an op as problems: a composite whole and decomposed, its first output and all of them, which are differentiated on
 * different ways.
 */
export function opProblems(op: OpName, table: SomeSamples = opSamples): GradientProblem[] {
  const samples: readonly OpSample[] = table[op] ?? [];
  return samples.flatMap((sample) => variantsOf(op, sample).map((variant) => opProblem(op, sample, variant)));
}

function variantsOf(op: OpName, { stopsGradient = false }: OpSample): Variant[] {
  // The definition of what stops a gradient is what it is made of, which lets it through.
  if (!isComposite(op) || stopsGradient) return [{ decomposed: false, all: true }];
  const several = composites[op].outputNames.length > 1;
  return [false, true].flatMap((decomposed) => (several ? [false, true] : [true]).map((all) => ({ decomposed, all })));
}

/** The problem by each of its arrays alone: what no input needs is left out of a gradient. None for a problem by a single one. */
export function byEach(problem: GradientProblem): GradientProblem[] {
  if (problem.by.length < 2) return [];
  return problem.by.map((name) => ({ ...problem, title: `${problem.title}, by ${name}`, by: [name] }));
}

function isComposite(op: OpName): op is CompositeName {
  return Object.hasOwn(composites, op);
}

interface Variant {
  readonly decomposed: boolean;
  /** All outputs have a say in the loss, or the first alone. */
  readonly all: boolean;
}

function opProblem(op: OpName, sample: OpSample, { decomposed, all }: Variant): GradientProblem {
  const arrays = sample.inputs.map((array, index) => [`input${index}`, array] as const);
  const differentiated = sample.differentiatedBy ?? [...arrays.keys()].filter((index) => arrays[index]![1].dtype === 'f32');
  const spec = opNamed(op);
  return {
    title: [sample.title, ...(decomposed ? ['decomposed'] : []), ...(all ? [] : ['first output'])].join(', '),
    inputs: Object.fromEntries(arrays),
    variables: {},
    by: differentiated.map((index) => arrays[index]![0]),
    exact: !spec.rounds,
    stopsGradient: sample.stopsGradient ?? false,
    isVariant: decomposed || !all,
    record(trace) {
      const tensors = arrays.map(([name, { shape, dtype }]) => trace.input(name, { shape, dtype }));
      const results = decomposed && spec.kind === 'composite' ? decompose(spec, tensors, sample) : trace.record(op, sample.attrs, tensors);
      return all ? (sample.combine?.(results) ?? results) : results.slice(0, 1);
    },
  };
}

/** The definition of a composite in place of the composite. */
function decompose(
  { outputNames, decompose: define }: Extract<AnyOp, { kind: 'composite' }>,
  inputs: readonly Tensor[],
  { attrs }: OpSample,
): Tensor[] {
  const outputs = define(inputs, attrs);
  return outputNames.map((name) => outputs[name]!);
}
