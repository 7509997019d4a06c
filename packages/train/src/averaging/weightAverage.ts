// Averages of the parameters over training, kept beside them: what they are, and programs that read them.
import type { DerivedInitializer, Options, Program, Tensor, VariableSpec } from '@nn/core';

/** How an average follows its parameter: `createTrainer({ weightAverage: exponentialAverage() })`. */
export interface WeightAverage {
  readonly kind: string;
  readonly options: Options;
  /**
   * @param average before the step @param parameter after it
   * @param update i32 []: how many updates there were, this one included
   * @returns the new average
   */
  update(average: Tensor, parameter: Tensor, update: Tensor): Tensor;
}

/** `average/dense1/kernel`: the variable that holds the average of a parameter. */
export function averagePath(parameter: string): string {
  return `average/${parameter}`;
}

/** The averages of parameters, which begin as these do. */
export function averageVariables(parameters: Iterable<readonly [path: string, spec: VariableSpec]>): Map<string, VariableSpec> {
  return new Map(
    Array.from(parameters, ([path, { shape, dtype }]) => [averagePath(path), { shape, dtype, role: 'buffer', init: copyOf(path) }]),
  );
}

function copyOf(path: string): DerivedInitializer {
  return { from: [path], fill: (values) => values[path]!.clone() };
}

/** The same program over the averages of parameters in place of these. It must not write them. */
export function overAverages(program: Program, parameters: ReadonlySet<string>): Program {
  const variables = Object.entries(program.variables).map(([name, use]) => [parameters.has(name) ? averagePath(name) : name, use] as const);
  return { ...program, variables: Object.fromEntries(variables) };
}
