// Functions that kernels call, in the part of JavaScript that gpu.js translates. A kernel's text brings those that it names.

/** A function as gpu.js wants it: its text, and the types that its inference must not guess. */
export interface Helper {
  readonly source: string;
  readonly argumentTypes: Readonly<Record<string, 'Number' | 'Integer'>>;
  readonly returnType: 'Number' | 'Integer';
}

/** Texts of functions by name; the name in the text is the key. */
export type Helpers = Readonly<Record<string, Helper>>;

/** A function of numbers. */
export function numeric(source: string): Helper {
  return { source, argumentTypes: typesOf(source, 'Number'), returnType: 'Number' };
}

/** A function of indices, which gpu.js computes with integers where there are any. */
function integral(source: string): Helper {
  return { source, argumentTypes: typesOf(source, 'Integer'), returnType: 'Integer' };
}

function typesOf<T extends 'Number' | 'Integer'>(source: string, type: T): Record<string, T> {
  const names = /\(([^)]*)\)/
    .exec(source)![1]!
    .split(',')
    .map((name) => name.trim());
  return Object.fromEntries(names.map((name) => [name, type]));
}

/** Index arithmetic, the same in all modes. */
export const indexHelpers: Helpers = {
  whole: integral('function whole(x) { return x; }'),
  refined: integral('function refined(i, n, q) { return Math.floor((i - q * n + 0.5) / n) + q; }'),
  rest: integral('function rest(i, n, q) { return i - q * n; }'),
};

/** ⌊i/n⌋ of integers. Quotients of floats may lie a little below an integer that they should be: half a unit more keeps them above it. */
export function quotientText(i: string, n: string): string {
  // The second step corrects what the conversion of a large index to a float has lost.
  return `refined(${i}, ${n}, Math.floor((${i} + 0.5) / ${n}))`;
}

/** i − n ⌊i/n⌋. */
export function remainderText(i: string, n: string): string {
  return `rest(${i}, ${n}, ${quotientText(i, n)})`;
}

/** Those of `helpers` that a text calls. They call none themselves: gpu.js may write a function before those that it calls. */
export function helpersIn(text: string, helpers: Helpers): readonly Helper[] {
  return Object.entries(helpers).flatMap(([name, helper]) => (new RegExp(`(?<![.\\w])${name}\\(`).test(text) ? [helper] : []));
}
