// The definition of an expression's value: one step after the other, on JavaScript numbers.
import { ConfigError } from '../errors/errors.ts';
import type { BinaryFunction, Overloads, UnaryFunction } from './functions.ts';
import { binaryFunctions, castFunctions, comparisonFunctions, unaryFunctions } from './functions.ts';
import { linearize } from './linearize.ts';
import type { NodeOf } from './traverse.ts';
import { operandsOf } from './traverse.ts';
import type { Expr, ScalarType } from './types.ts';

/** `f64` keeps f32 values in float64; `f32` rounds inputs, constants and every step to float32. i32 and bool are exact in both. */
export type Precision = 'f64' | 'f32';

/** The value of `expression` where input i has the value `inputs[i]` (bool as 0 or 1). @throws ConfigError when inputs are missing. */
export function evaluate(expression: Expr, inputs: readonly number[], precision: Precision = 'f64'): number {
  return evaluator(expression, precision)(inputs);
}

/** {@link evaluate} for many elements: the expression is linearized once. */
export function evaluator(expression: Expr, precision: Precision = 'f64'): (inputs: readonly number[]) => number {
  const { steps, result } = linearize(expression);
  const values = new Float64Array(steps.length);
  const operations = steps.map((step) => {
    const round = step.type === 'f32' && precision === 'f32' ? Math.fround : undefined;
    const compute = stepFunction(step, values);
    return round === undefined ? compute : (inputs: readonly number[]) => round(compute(inputs));
  });
  return (inputs) => {
    for (let index = 0; index < operations.length; index++) values[index] = operations[index]!(inputs);
    return values[result]!;
  };
}

function stepFunction(step: NodeOf<number>, values: Float64Array): (inputs: readonly number[]) => number {
  switch (step.kind) {
    case 'input':
      return (inputs) => {
        const value = inputs[step.index];
        if (value === undefined) {
          throw new ConfigError(`evaluate: the expression reads input ${step.index}, but ${inputs.length} inputs were given.`);
        }
        return value;
      };
    case 'const':
      return () => step.value;
    default: {
      const compute = nodeFunction(step);
      const [first = 0, second = 0, third = 0] = operandsOf(step);
      return () => compute(values[first]!, values[second]!, values[third]!);
    }
  }
}

/** What a node does to the values of its operands, in float64. The type it works on is that of its first operand. */
export function nodeFunction(node: ComputingNode): (first: number, second: number, third: number) => number {
  switch (node.kind) {
    case 'unary':
      return overload(unaryFunctions[node.name], node.type);
    case 'binary':
      return overload(binaryFunctions[node.name], node.type);
    case 'compare':
      return comparisonFunctions[node.name].f32;
    case 'select':
      return (condition, a, b) => (condition === 0 ? b : a);
    case 'cast':
      return castFunctions[node.type];
  }
}

/** A node that has operands. */
export type ComputingNode = Exclude<NodeOf<unknown>, { kind: 'input' | 'const' }>;

/** Of a type that the function takes: builders and checks let no other node come to be. */
function overload<Meaning extends UnaryFunction | BinaryFunction>(overloads: Overloads<Meaning>, type: ScalarType): Meaning {
  return overloads[type]!;
}
