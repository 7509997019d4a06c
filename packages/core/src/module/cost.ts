// What a program costs in floating-point operations, layer by layer. Composites cost what their definitions do, so that there is one
// formula per primitive and none per layer.
import type { TensorSpec } from '../array/dtype.ts';
import { sizeOf } from '../array/shape.ts';
import type { PrimitiveAttrs, PrimitiveName } from '../ops/instructions.ts';
import { primitives } from '../ops/table.ts';
import { commonSubexpressions, eliminateDead } from '../passes/eliminate.ts';
import { lower } from '../passes/lower.ts';
import type { Attrs, Instr, Program } from '../program/program.ts';
import { fold } from '../scalar/traverse.ts';
import type { Expr } from '../scalar/types.ts';

type Count<Name extends PrimitiveName> = (call: {
  readonly attrs: PrimitiveAttrs[Name];
  readonly inputs: readonly TensorSpec[];
  readonly output: TensorSpec;
}) => number;

const none = (): number => 0;

/** Floating-point operations of each primitive; a multiplication with the addition that follows it is two. */
const operations: { readonly [Name in PrimitiveName]: Count<Name> } = {
  /** The arithmetic operations, functions and comparisons of the expression, per element. */
  map: ({ attrs, output }) => operationsIn(attrs.expression) * sizeOf(output.shape),
  /** n − 1 to join n elements. */
  reduce: ({ inputs: [x], output }) => Math.max(0, sizeOf(x!.shape) - sizeOf(output.shape)),
  /** 2 · m · n · k for each product of m × k by k × n. */
  matmul({ attrs: { transposeA }, inputs: [a], output }) {
    return 2 * sizeOf(output.shape) * a!.shape.at(transposeA ? -2 : -1)!;
  },
  /** An addition per update. */
  scatterAdd: ({ inputs: [updates] }) => sizeOf(updates!.shape),
  reshape: none,
  transpose: none,
  slice: none,
  concat: none,
  pad: none,
  gather: none,
  iota: none,
  /** Integers only. */
  uniform: none,
};

/**
 * Floating-point operations of one run, by the path of the layer that asked for them. What is computed twice counts once, and what no
 * result needs not at all.
 */
export function floatingPointOperations(program: Program): ReadonlyMap<string, number> {
  const { instrs, slots } = eliminateDead(commonSubexpressions(lower(program, () => false)));
  const byPath = new Map<string, number>();
  for (const instr of instrs) byPath.set(instr.path, (byPath.get(instr.path) ?? 0) + operationsOf(instr, slots));
  return byPath;
}

function operationsOf({ op, attrs, in: inputs, out }: Instr, slots: readonly TensorSpec[]): number {
  const [output] = out;
  if (output === null || output === undefined || !isPrimitive(op)) return 0;
  const count = operations[op] as (call: { attrs: Attrs; inputs: readonly TensorSpec[]; output: TensorSpec }) => number;
  return count({ attrs, inputs: inputs.map((slot) => slots[slot]!), output: slots[output]! });
}

function isPrimitive(op: string): op is PrimitiveName {
  return Object.hasOwn(primitives, op);
}

/** Choosing between values, casts and work on integers and truth values cost nothing. */
function operationsIn(expression: Expr): number {
  let count = 0;
  fold(expression, (node) => {
    if (node.kind === 'compare' ? node.a.type === 'f32' : (node.kind === 'unary' || node.kind === 'binary') && node.type === 'f32') count++;
  });
  return count;
}
