// Index arithmetic in shader code. Extents and strides are given when a program is run, so that programs serve all shapes.
import type { StridedLoop } from '@nn/core';
import type { ShadingLanguage } from './language.ts';

/** Collects the integers of a program while its code is described. */
export class Integers {
  readonly values: number[] = [];

  /** The expression that reads `value`: itself where it is 0 or 1, which make code simpler, and otherwise a number of the run. */
  add(value: number): IndexTerm {
    if (value === 0 || value === 1) return { kind: 'literal', value };
    return this.given(value);
  }

  /** A number of the run, whatever it is: one program serves them all. */
  given(value: number): GivenTerm {
    return { kind: 'given', index: this.values.push(value) - 1 };
  }
}

interface GivenTerm {
  readonly kind: 'given';
  readonly index: number;
}

export type IndexTerm = GivenTerm | { readonly kind: 'literal'; readonly value: number };

/**
 * The extents and strides of loops. Along a single axis, code that goes from neighbour to neighbour or stays where it is pays; with more,
 * finding the coordinates costs more than that, and one program for all ways in which operands are stretched is compiled sooner.
 */
export function loopTerms({ shape, strides }: StridedLoop, integers: Integers): readonly [IndexTerm[], IndexTerm[][]] {
  const term = (value: number): IndexTerm => (shape.length > 1 ? integers.given(value) : integers.add(value));
  return [shape.map(term), strides.map((list) => list.map(term))];
}

export function termCode(term: IndexTerm, language: ShadingLanguage): string {
  return term.kind === 'literal' ? String(term.value) : language.integer(term.index);
}

/** A text that is equal for terms that make equal code. */
export function termKey(term: IndexTerm): string {
  return term.kind === 'literal' ? String(term.value) : `i${term.index}`;
}

/** Names c0, c1, … for the coordinates of `index` in an array of `extents`; the first extent is not needed. */
export function coordinatesCode(extents: readonly IndexTerm[], language: ShadingLanguage, index = 'index'): string {
  const lines: string[] = [];
  let rest = index;
  for (let axis = extents.length - 1; axis > 0; axis--) {
    const extent = termCode(extents[axis]!, language);
    lines.push(language.constant(`q${axis}`, 'i32', `${rest} / ${extent}`));
    lines.push(language.constant(`c${axis}`, 'i32', `${rest} - q${axis} * ${extent}`));
    rest = `q${axis}`;
  }
  lines.push(language.constant('c0', 'i32', extents.length === 0 ? '0' : rest));
  return lines.join('\n');
}

/** start + Σ coordinate · stride */
export function positionCode(start: IndexTerm, strides: readonly IndexTerm[], language: ShadingLanguage): string {
  const parts = strides.flatMap((stride, axis) => {
    if (stride.kind === 'literal') return stride.value === 0 ? [] : [`c${axis}`];
    return [`c${axis} * ${termCode(stride, language)}`];
  });
  if (!(start.kind === 'literal' && start.value === 0)) parts.unshift(termCode(start, language));
  return parts.length === 0 ? '0' : parts.join(' + ');
}
