// What holds for every initializer of the package: it is plain data, can be rebuilt, and its bits depend on seed and path only.
import type { Fans, Initializer } from '@nn/core';
import { ShapeError } from '@nn/core';
import { describe, expect, it } from 'vitest';
import * as exported from './index.ts';
import { draw } from './testing/sampling.ts';

interface InitializerFactory {
  readonly kind: string;
  rebuild(options: Readonly<Record<string, unknown>>, children: Readonly<Record<string, never>>): Initializer;
}

const fans: Fans = { fanIn: 64, fanOut: 32 };
const named = Object.entries(exported).flatMap(([name, value]) =>
  'rebuild' in value ? [[name, value as InitializerFactory] as const] : [],
);
const factories = named.map(([, factory]) => factory);
const initializers = [
  ...factories.map((factory) => factory.rebuild(factory.kind === 'constant' ? { value: 0.5 } : {}, {})),
  exported.heNormal({ mode: 'fanOut', negativeSlope: 0.2, truncated: true }),
  exported.varianceScaling({ scale: 2, mode: 'fanAverage', distribution: 'uniform' }),
];
const random = initializers.filter(({ kind }) => !['zeros', 'ones', 'constant', 'identity'].includes(kind));

it('exports every factory under its kind', () => {
  expect(named.length).toBe(15);
  for (const [name, factory] of named) expect(factory.kind).toBe(name);
});

describe.each(initializers)('$kind $options', (initializer) => {
  it('is rebuilt from its options as they come back from JSON', () => {
    const options = JSON.parse(JSON.stringify(initializer.options)) as Record<string, unknown>;
    const rebuilt = factories.find(({ kind }) => kind === initializer.kind)!.rebuild(options, {});
    expect(rebuilt.options).toEqual(initializer.options);
    expect(draw(rebuilt, [64, 32], fans)).toEqual(draw(initializer, [64, 32], fans));
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(initializer) && Object.isFrozen(initializer.options)).toBe(true);
  });

  it('refuses a shape that is none', () => {
    expect(() => draw(initializer, [2, -1], fans)).toThrow(ShapeError);
  });
});

describe.each(random)('$kind $options', (initializer) => {
  it('gives the same bits for the same seed and path, and others for others', () => {
    const values = draw(initializer, [64, 32], fans);
    expect(draw(initializer, [64, 32], fans)).toEqual(values);
    expect(draw(initializer, [64, 32], fans, 1)).not.toEqual(values);
    expect(draw(initializer, [64, 32], fans, 0, 'dense2/kernel')).not.toEqual(values);
  });

  it('gives no two units the same weights', () => {
    const values = draw(initializer, [64, 32], fans);
    const rows = Array.from({ length: 64 }, (_, row) => values.subarray(row * 32, (row + 1) * 32).join());
    const columns = Array.from({ length: 32 }, (_, column) => values.filter((_value, index) => index % 32 === column).join());
    expect(new Set(rows).size).toBe(64);
    expect(new Set(columns).size).toBe(32);
  });
});
