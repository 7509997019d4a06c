// The one way to make an activation: from a scalar expression, which every backend runs and whose gradient follows from it.
import type { Expr } from '@nn/core';
import { checkNumber, elementwise } from '@nn/core';
import type { DualFactory, GivenOptions } from './dual.ts';
import { dual } from './dual.ts';

/** Options of an activation: finite numbers. */
type Numbers = { readonly [name: string]: number };

/**
 * An activation by name: `activation('relu', {}, (x) => scalar.select(scalar.lessEqual(x, 0), 0, x))`.
 *
 * @param defaults every option with its default
 * @param expression of one element
 * @param check what options must be beside finite; throws a ConfigError
 */
/* @__NO_SIDE_EFFECTS__ */
export function activation<Resolved extends Numbers>(
  kind: string,
  defaults: Resolved,
  expression: (x: Expr, options: Resolved) => Expr,
  check: (options: Resolved) => void = () => {},
): DualFactory<GivenOptions<Resolved>> {
  return dual<Resolved>(kind, {
    defaults,
    check(options) {
      for (const [name, value] of Object.entries(options)) checkNumber(kind, name, value);
      check(options);
    },
    record: (tensor, options) => elementwise((x) => expression(x, options), tensor),
  });
}
