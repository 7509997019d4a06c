// Maps of one shape as one loop: each input is read once, and what one map makes for another stays in registers.
import { scalar, scalarTypeOf } from '@nn/core';
import type { Expr, Shape, TensorSpec } from '@nn/core';
import type { MapGroup } from './group.ts';

/** A map between arrays that go by numbers, such as the slots of a program. */
export interface NumberedMap {
  readonly expression: Expr;
  readonly in: readonly number[];
  readonly out: number;
  /** Whether its result is used outside, and so goes to memory (default true). */
  readonly isWritten?: boolean;
  /** Whether its result is added up (default false). */
  readonly isSummed?: boolean;
}

export interface JoinedMaps {
  readonly group: MapGroup;
  /** The numbers of the group's inputs and outputs. */
  readonly in: readonly number[];
  readonly out: readonly number[];
}

/**
 * One group of `maps`, which come in an order in which they could run one by one.
 *
 * @param maps all with results of `shape`
 * @param specOf what the inputs are that come from outside
 */
export function joinMaps(maps: readonly NumberedMap[], shape: Shape, specOf: (number: number) => TensorSpec): JoinedMaps {
  const inputs: number[] = [];
  const results = new Map<number, Expr>();
  const read = (number: number): Expr => {
    const result = results.get(number);
    if (result !== undefined) return result;
    if (!inputs.includes(number)) inputs.push(number);
    return scalar.input(inputs.indexOf(number), scalarTypeOf[specOf(number).dtype]);
  };
  const outputs: Expr[] = [];
  const sums: Expr[] = [];
  const written: number[] = [];
  for (const { expression, in: operands, out, isWritten = true, isSummed = false } of maps) {
    const result = scalar.substitute(expression, operands.map(read));
    results.set(out, result);
    if (isSummed) sums.push(result);
    if (!isWritten) continue;
    outputs.push(result);
    written.push(out);
  }
  return { group: { inputs: inputs.map(specOf), outputs, sums, shape }, in: inputs, out: written };
}
