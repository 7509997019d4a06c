// gelu: both forms against their definitions, how close they are, and what is refused.
import { build, describe as describeModel, run } from '@nn/core';
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import { gelu } from './gelu.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array } from '../testing/layerRunner.ts';

// x and x·Φ(x); computed with 30 digits.
const exact: readonly (readonly [number, number])[] = [
  [-3, -0.00404969409489031],
  [-0.75179152469356446, -0.16997120747990366],
  [-0.5, -0.15426876936299347],
  [0, 0],
  [1, 0.84134474606854293],
  [2, 1.9544997361036415],
];

describe('gelu', () => {
  it('is x times the normal distribution function', async () => {
    const { y } = await applyLayer(
      gelu(),
      array(
        exact.map(([x]) => x),
        [exact.length],
      ),
    );
    exact.forEach(([, value], index) => expect(y.data[index]).toBeCloseTo(value, 14));
  });

  it('is its approximation by tanh when asked', async () => {
    const x = [-3, -0.5, 0, 0.3, 1, 4];
    const values = x.map((v) => 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3))));
    const { y } = await applyLayer(gelu({ approximate: 'tanh' }), array(x, [6]));
    values.forEach((value, index) => expect(y.data[index]).toBeCloseTo(value, 14));
  });

  it('has two forms less than 5e-4 apart, as layers and as functions', async () => {
    const x = array(
      Float64Array.from({ length: 101 }, (_, index) => (index - 50) / 10),
      [101],
    );
    const [a, b] = [await run(referenceBackend(), gelu, x), await run(referenceBackend(), (t) => gelu(t, { approximate: 'tanh' }), x)];
    const apart = Math.max(...Array.from(a.data, (value, index) => Math.abs(value - b.data[index]!)));
    expect(apart).toBeGreaterThan(1e-5);
    expect(apart).toBeLessThan(5e-4);
  });

  it.each(['none', 'tanh'] as const)('has the right gradients with approximate %s', async (approximate) => {
    expect(await gradientError(gelu({ approximate }), array(irregular(12), [3, 4]))).toBeLessThan(1e-6);
  });

  it('is rebuilt from its description, and refuses other forms', () => {
    const description = describeModel(gelu({ approximate: 'tanh' }));
    expect(description).toEqual({ kind: 'gelu', options: { approximate: 'tanh' } });
    expect(build(description, { gelu }).options).toEqual({ approximate: 'tanh' });
    expect(() => gelu({ approximate: 'tan' as never })).toThrow(/'none' or 'tanh'.*Did you mean "tanh"/);
  });
});
