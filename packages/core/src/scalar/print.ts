// Expressions as text for people: infix, with large shared parts named once.
import { linearize } from './linearize.ts';
import type { Step } from './linearize.ts';
import { operandsOf } from './traverse.ts';
import type { BinaryName, ComparisonName, Expr, ScalarType } from './types.ts';

/** A shared part longer than this is named, so that the text of a graph does not grow like the tree it stands for. */
const longestRepeated = 16;

/** Text and how tightly its outermost operator binds. */
interface Phrase {
  readonly text: string;
  readonly binding: number;
}

const bindings = { or: 1, and: 2, comparison: 3, sum: 4, product: 5, prefix: 6, atom: 7 } as const;

/** How functions of two operands are written: an operator, or null for `name(a, b)`. */
const operators = {
  add: { sign: '+', binding: bindings.sum },
  sub: { sign: '-', binding: bindings.sum },
  mul: { sign: '*', binding: bindings.product },
  div: { sign: '/', binding: bindings.product },
  mod: { sign: '%', binding: bindings.product },
  and: { sign: '&&', binding: bindings.and },
  or: { sign: '||', binding: bindings.or },
  less: { sign: '<', binding: bindings.comparison },
  lessEqual: { sign: '<=', binding: bindings.comparison },
  greater: { sign: '>', binding: bindings.comparison },
  greaterEqual: { sign: '>=', binding: bindings.comparison },
  equal: { sign: '==', binding: bindings.comparison },
  notEqual: { sign: '!=', binding: bindings.comparison },
  pow: null,
  max: null,
  min: null,
} as const satisfies Record<BinaryName | ComparisonName, { readonly sign: string; readonly binding: number } | null>;

const constantText = {
  f32: (value) => (Object.is(value, -0) ? '-0' : String(value)),
  i32: (value) => `${value}i`,
  bool: (value) => String(value !== 0),
} as const satisfies Record<ScalarType, (value: number) => string>;

/**
 * `select(x0 > 0, x0, 1.5 * expm1(x0))`. Inputs are x0, x1, …; i32 constants end in i. Long parts used more than once come first,
 * named: `t0 = exp(x0 - 2 * x1); t0 / (1 + t0)`. Equal expressions have equal texts.
 */
export function printExpr(expression: Expr): string {
  const { steps, result } = linearize(expression);
  const uses = steps.map(() => 0);
  for (const step of steps) for (const operand of operandsOf<number>(step)) uses[operand]!++;
  const phrases: Phrase[] = [];
  const named: string[] = [];
  steps.forEach((step, index) => {
    const phrase = phraseOf(step, phrases);
    if (uses[index]! > 1 && phrase.text.length > longestRepeated) {
      const name = `t${named.length}`;
      named.push(`${name} = ${phrase.text}; `);
      phrases.push({ text: name, binding: bindings.atom });
    } else {
      phrases.push(phrase);
    }
  });
  return named.join('') + phrases[result]!.text;
}

function phraseOf(step: Step, phrases: readonly Phrase[]): Phrase {
  const text = (operand: number): string => phrases[operand]!.text;
  const call = (name: string): Phrase => ({ text: `${name}(${operandsOf<number>(step).map(text).join(', ')})`, binding: bindings.atom });
  const boundBy = (binding: number, operand: number): string => {
    const phrase = phrases[operand]!;
    return phrase.binding < binding ? `(${phrase.text})` : phrase.text;
  };
  switch (step.kind) {
    case 'input':
      return { text: `x${step.index}`, binding: bindings.atom };
    case 'const': {
      const written = constantText[step.type](step.value);
      return { text: written, binding: written.startsWith('-') ? bindings.prefix : bindings.atom };
    }
    case 'unary':
      if (step.name === 'neg') return { text: `-${boundBy(bindings.atom, step.x)}`, binding: bindings.prefix };
      if (step.name === 'not') return { text: `!${boundBy(bindings.atom, step.x)}`, binding: bindings.prefix };
      return call(step.name);
    case 'binary':
    case 'compare': {
      const operator = operators[step.name];
      if (operator === null) return call(step.name);
      const { sign, binding } = operator;
      // Operators of one rank read from the left; comparisons do not chain.
      const left = boundBy(step.kind === 'compare' ? binding + 1 : binding, step.a);
      return { text: `${left} ${sign} ${boundBy(binding + 1, step.b)}`, binding };
    }
    case 'select':
      return call('select');
    case 'cast':
      return call(step.type);
  }
}
