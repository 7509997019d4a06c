// A scalar expression as statements of a kernel.
import { scalar } from '@nn/core';
import type { Expr } from '@nn/core';
import type { Dialect } from './dialect.ts';
import { numberText } from './parameters.ts';

const comparisons: Readonly<Record<scalar.ComparisonName, string>> = {
  less: '<',
  lessEqual: '<=',
  greater: '>',
  greaterEqual: '>=',
  equal: '===',
  notEqual: '!==',
};

const largestFloat = 3.4028234663852886e38;

/** Statements, and the name or text of the value that they compute. */
export interface Computation {
  readonly statements: readonly string[];
  readonly result: string;
}

/**
 * The steps of `expression`, one statement each; constants stand where they are used.
 * @param read the text of an input's element
 */
export function computationOf(expression: Expr, dialect: Dialect, read: (input: number) => string): Computation {
  const { steps, result } = scalar.linearize(expression);
  const statements: string[] = [];
  const values: string[] = [];
  steps.forEach((step, index) => {
    if (step.kind === 'const') {
      values.push(constantText(`c${index}`, step.value, dialect));
      return;
    }
    const [first = '', second = '', third = ''] = scalar.operandsOf(step).map((operand) => values[operand]!);
    const name = `v${index}`;
    statements.push(`let ${name} = ${textOf(step, dialect, read, [first, second, third])};`);
    values.push(name);
  });
  return { statements, result: values[result]! };
}

function textOf(
  step: Exclude<scalar.Step, { kind: 'const' }>,
  dialect: Dialect,
  read: (input: number) => string,
  [a, b, c]: readonly [string, string, string],
): string {
  switch (step.kind) {
    case 'input':
      return read(step.index);
    case 'unary':
      return dialect.unary[step.name](a, step.type);
    case 'binary':
      return dialect.binary[step.name](a, b, step.type);
    case 'compare':
      return `(${a} ${comparisons[step.name]} ${b}) ? 1 : 0`;
    case 'select':
      return `(${a} !== 0) ? ${b} : ${c}`;
    case 'cast':
      return dialect.cast[step.type](a);
  }
}

/** Numbers that functions are made of. They stand in texts, where compilers simplify what is done with them. */
const structural: ReadonlySet<number> = new Set([0, 1, 2, 0.5]);

/**
 * A number as kernels have it; negative ones in parentheses.
 * @param name what it is in its kernel
 */
export function constantText(name: string, value: number, { infinity, notANumber }: Dialect): string {
  if (Number.isNaN(value)) return notANumber;
  if (Math.abs(value) > largestFloat) return value > 0 ? infinity : `(-${infinity})`;
  const text = structural.has(Math.abs(value)) ? String(Math.abs(value)) : numberText(name, Math.abs(value));
  return value < 0 || Object.is(value, -0) ? `(-${text})` : text;
}
