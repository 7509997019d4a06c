// Expressions as vectors: their steps, one after the other.
import { DTypeError, scalar } from '@nn/core';
import type { ScalarType } from '@nn/core';
import { binaryVectors, castVectors, comparisonVectors, constantVectors, unaryVectors } from './vectorFunctions.ts';
import type { Vector, VectorGraph } from './vectorGraph.ts';

/** The value of the last of `steps`, given those of the inputs they read. */
export function vectorOf(g: VectorGraph, steps: readonly scalar.Step[], input: (index: number) => Vector): Vector {
  const values: Vector[] = [];
  for (const step of steps) {
    const [first, second, third] = scalar.operandsOf<number>(step).map((operand) => values[operand]) as [Vector, Vector, Vector];
    const compute = (): Vector => {
      switch (step.kind) {
        case 'input':
          return input(step.index);
        case 'const':
          return constantVectors[step.type](g, step.value);
        case 'unary':
          return overload(unaryVectors[step.name], step.type, step.name)(g, first);
        case 'binary':
          return overload(binaryVectors[step.name], step.type, step.name)(g, first, second);
        case 'compare':
          return overload(comparisonVectors[step.name], steps[step.a]!.type, step.name)(g, first, second);
        case 'select':
          return g.select(first, second, third);
        case 'cast':
          return castVectors[steps[step.x]!.type][step.type](g, first);
      }
    };
    values.push(compute());
  }
  return values.at(-1)!;
}

function overload<Meaning>(overloads: { readonly [Type in ScalarType]?: Meaning }, type: ScalarType, name: string): Meaning {
  const meaning = overloads[type];
  if (meaning === undefined) throw new DTypeError(`An expression applies ${name} to ${type}, which it does not take.`);
  return meaning;
}
