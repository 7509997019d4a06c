// What holds for every factory there is: options that it does not have are refused, by the many that have none too.
import { expect, test } from 'vitest';
import * as kit from './index.ts';

type AnyFactory = (...given: unknown[]) => unknown;

function isFactory(value: unknown): value is AnyFactory & { readonly kind: string } {
  return typeof value === 'function' && 'rebuild' in value;
}

/** Those that can be called without anything, by kind. What `sequential` takes are layers. */
const factories = Object.values<unknown>(kit)
  .filter(isFactory)
  .filter((factory) => factory !== kit.sequential)
  .filter((factory) => {
    try {
      factory();
      return true;
    } catch {
      return false;
    }
  })
  .map((factory) => [factory.kind, factory] as const);

test('there are factories', () => {
  expect(factories.length).toBeGreaterThan(60);
});

test.each(factories)('%s refuses an option that it does not have', (kind, factory) => {
  expect(factory.name).toBe(kind);
  expect(() => factory({ reduction: 'sum' })).toThrow(new RegExp(`^${kind} has no option "reduction"`));
  expect(() => factory([2, 3])).toThrow(kit.NnError);
});
