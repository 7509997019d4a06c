// Long sums and their like in shader code: elements are taken in blocks, whose totals join a total, so that rounding errors do not add up
// along the whole length.
import type { ScalarType } from '@nn/core';
import type { ShadingLanguage } from './language.ts';

/** How values become one: what an empty list gives, and what joins another value to it. */
export interface Reduction {
  start(language: ShadingLanguage): string;
  combine(total: string, value: string, language: ShadingLanguage): string;
}

export const addition: Reduction = { start: () => '0.0', combine: (a, b) => `${a} + ${b}` };

/** Elements that are combined before they join a total: the error of a sum grows with its square root's many. */
const blockLength = 16;

/**
 * Statements that leave the result in `total`.
 * @param count code of how many values there are
 * @param value code of the value at an index, which is the name `at`
 */
export function inBlocks(
  language: ShadingLanguage,
  type: ScalarType,
  { start, combine }: Reduction,
  { count, value }: { readonly count: string; readonly value: string },
): string {
  const block = [
    language.variable('part', type, start(language)),
    language.repeat(
      'n',
      String(blockLength),
      `${language.constant('at', 'i32', `block * ${blockLength} + n`)}
      if (at < ${count}) { ${language.constant('value', type, value)} part = ${combine('part', 'value', language)}; }`,
    ),
    `total = ${combine('total', 'part', language)};`,
  ].join('\n');
  return [
    language.variable('total', type, start(language)),
    language.repeat('block', `(${count} + ${blockLength - 1}) / ${blockLength}`, block),
  ].join('\n');
}
