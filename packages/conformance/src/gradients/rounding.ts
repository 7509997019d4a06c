// Rounding on the way: a program as the reference runs it, but with every number that is computed off by up to half a unit in its last
// place, as float32 leaves it. It says how far even the best float32 implementation of a definition may be from the exact result.
import type { Expr, Instr, MapAttrs, OpName, Program, ReduceAttrs } from '@nn/core';
import { lower, scalar } from '@nn/core';

/** Half a unit in the last place of a float32, relative. */
export const halfUlp: number = 2 ** -24;

/** The input of {@link withRounding} that says which numbers go up and which down: f32 [], any number. */
export const roundingPattern = 'rounding pattern';

/**
 * The program with its composites decomposed and the result of every instruction that rounds moved up or down, as one more input says:
 * {@link roundingPattern}.
 */
export function withRounding(program: Program): Program {
  const lowered = lower(program, () => false);
  const slots = [...lowered.slots];
  const pattern = slots.push({ shape: [], dtype: 'f32' }) - 1;
  const instrs = lowered.instrs.flatMap((instr, ordinal): Instr[] => {
    const [out] = instr.out;
    if (out === null || out === undefined || slots[out]!.dtype !== 'f32' || !rounds(instr)) return [instr];
    const exact = slots.push(slots[out]!) - 1;
    const attrs: MapAttrs = { expression: rounded(ordinal) };
    return [
      { ...instr, out: [exact] },
      { op: 'map', attrs, in: [exact, pattern], out: [out], path: instr.path },
    ];
  });
  return { ...lowered, slots, instrs, inputs: { ...lowered.inputs, [roundingPattern]: pattern } };
}

/** x (1 ± half a unit): by how much depends on x, so that neighbours do not move together. */
function rounded(ordinal: number): Expr {
  const [x, pattern] = [scalar.input(0, 'f32'), scalar.input(1, 'f32')];
  const phase = scalar.add(1.7 * ordinal, scalar.mul(0.9, pattern));
  const place = scalar.max(-1e4, scalar.min(x, 1e4));
  return scalar.mul(x, scalar.add(1, scalar.mul(halfUlp, scalar.sin(scalar.add(scalar.mul(place, 7919), phase)))));
}

/** Whether float32 cannot hold what it computes. Moved elements are as they were, and so are the larger of two numbers. */
function rounds({ op, attrs }: Instr): boolean {
  switch (op as OpName) {
    case 'matmul':
    case 'scatterAdd':
      return true;
    case 'reduce':
      return ['sum', 'prod'].includes((attrs as ReduceAttrs).kind);
    case 'map':
      return computes((attrs as MapAttrs).expression);
    default:
      return false;
  }
}

const exactFunctions: ReadonlySet<string> = new Set(['neg', 'abs', 'sign', 'floor', 'ceil', 'round', 'not', 'max', 'min', 'and', 'or']);

/** Whether a function in the expression rounds. */
function computes(root: Expr): boolean {
  const seen = new Set<Expr>();
  const visit = (node: Expr): boolean => {
    if (seen.has(node)) return false;
    seen.add(node);
    switch (node.kind) {
      case 'input':
      case 'const':
        return false;
      case 'unary':
        return (node.type === 'f32' && !exactFunctions.has(node.name)) || visit(node.x);
      case 'cast':
        return visit(node.x);
      case 'binary':
        return (node.type === 'f32' && !exactFunctions.has(node.name)) || visit(node.a) || visit(node.b);
      case 'compare':
        return visit(node.a) || visit(node.b);
      case 'select':
        return visit(node.condition) || visit(node.a) || visit(node.b);
    }
  };
  return visit(root);
}
