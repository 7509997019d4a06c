// Constants of an expression in shader code: numbers of the run, so that a program serves all expressions that differ in nothing else, such
// as means over other counts.
import { scalar } from '@nn/core';
import type { ScalarType } from '@nn/core';
import type { ShadingLanguage } from './language.ts';
import { integerLiteral } from './language.ts';
import type { Integers } from './writer.ts';

type Constant = Extract<scalar.Step, { kind: 'const' }>;

/** Which constants a run is given, and the others as literals. */
export class GivenConstants {
  /** The f32 values. */
  readonly reals: number[] = [];
  readonly #places = new Map<scalar.Step, number>();

  /** @param integers takes up those of type i32 */
  constructor(steps: readonly scalar.Step[], integers: Integers) {
    for (const step of steps) {
      if (step.kind !== 'const' || isLiteral(step)) continue;
      this.#places.set(step, step.type === 'i32' ? integers.given(step.value).index : this.reals.push(step.value) - 1);
    }
  }

  /** A text that is equal for steps that make equal code. */
  key(step: scalar.Step): string {
    return this.#places.has(step) ? `given ${step.type}` : scalar.stepKey(step);
  }

  code(step: Constant, language: ShadingLanguage): string {
    const place = this.#places.get(step);
    if (place === undefined) return literalCode(step.value, step.type, language);
    return step.type === 'i32' ? language.integer(place) : language.real(place);
  }
}

/** What makes code simpler, and what no number of a run can be. */
function isLiteral({ value, type }: Constant): boolean {
  return type === 'bool' || Object.is(value, 0) || value === 1 || (type === 'f32' && !Number.isFinite(Math.fround(value)));
}

function literalCode(value: number, type: ScalarType, { number, special }: ShadingLanguage): string {
  if (type === 'bool') return value === 0 ? 'false' : 'true';
  if (type === 'i32') return integerLiteral(value);
  if (Number.isNaN(value)) return special.nan;
  if (Number.isFinite(Math.fround(value))) return number(value);
  return value > 0 ? special.infinity : `(-${special.infinity})`;
}
