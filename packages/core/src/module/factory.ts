// Factories that can be rebuilt from data: `describe` writes what a factory made, `build` calls its `rebuild`.
import type { AnyLayer } from './contract.ts';

/** Makes a record again: from its options, nested records already rebuilt, and its children likewise. */
export type Rebuild<Made> = (options: Readonly<Record<string, unknown>>, children: Readonly<Record<string, AnyLayer>>) => Made;

/** A factory of layers, initializers, optimizers, … that knows its kind and how to make the same thing from plain options. */
export type Factory<Create extends (...args: never[]) => unknown, Made = ReturnType<Create>> = Create & {
  readonly kind: string;
  readonly rebuild: Rebuild<Made>;
};

/**
 * Attaches `kind`, also as its name, and `rebuild` to a factory function.
 * `Made` is what it makes; TypeScript infers it from `rebuild`, because a factory may be overloaded.
 * Bundlers drop factories that nothing uses: the annotation tells them that this call does nothing else.
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineFactory<Create extends (...args: never[]) => unknown, Made = ReturnType<Create>>(
  kind: string,
  create: Create,
  rebuild: Rebuild<Made>,
): Factory<Create, Made> {
  // The name that users know, for messages and traces, minified or not: the variable it was written in is another one.
  return Object.defineProperty(Object.assign(create, { kind, rebuild }), 'name', { value: kind });
}
