// Which numbers are moved, and by how much.
import { referenceBackend } from '@nn/backend-reference';
import type { Tensor } from '@nn/core';
import { add, full, maxPool2d, maximum, mul, softmax, sub, sum, trace, transpose } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { execute } from '../golden/execute.ts';
import { firstDraw } from '../samples/arrays.ts';
import { halfUlp, roundingPattern, withRounding } from './rounding.ts';

const x = firstDraw.normal('x', [1, 4, 4, 2]);

/** The largest relative change of an element, over all patterns. */
async function movement(compute: (x: Tensor) => Tensor): Promise<number> {
  const program = trace({ x }, ({ x: input }) => ({ y: compute(input) }));
  const run = async (of: typeof program, inputs: object = {}): Promise<ArrayLike<number>> =>
    (await execute(referenceBackend(), of, { inputs: { x, ...inputs }, variables: {} })).outputs.get('y')!.data;
  const exact = await run(program);
  const patterns = [0, 1, 2].map((pattern) => run(withRounding(program), { [roundingPattern]: full([], pattern) }));
  const moved = await Promise.all(patterns);
  return Math.max(...moved.flatMap((values) => Array.from(values, (value, index) => Math.abs(value / exact[index]! - 1))));
}

describe('withRounding', () => {
  it.each<[string, (x: Tensor) => Tensor]>([
    ['moves elements', (input) => transpose(input, [3, 2, 1, 0])],
    ['chooses elements', (input) => maximum(input, 0.25)],
    ['chooses elements, decomposed', (input) => maxPool2d(input, [2, 2])],
  ])('leaves alone what %s', async (_, compute) => {
    expect(await movement(compute)).toBe(0);
  });

  it.each<[string, (x: Tensor) => Tensor]>([
    ['a product', (input) => mul(input, input)],
    ['a sum', (input) => sum(input, 1)],
  ])('moves %s by up to half a unit in its last place', async (_, compute) => {
    const moved = await movement(compute);
    expect(moved).toBeGreaterThan(halfUlp / 2);
    expect(moved).toBeLessThanOrEqual(1.01 * halfUlp);
  });

  it('moves what a composite is made of', async () => {
    expect(await movement((input) => softmax(input))).toBeGreaterThan(halfUlp);
  });

  it('shows what cancellation loses, which no change of the input would', async () => {
    expect(await movement((input) => sub(add(mul(input, 1e-6), 1), 1))).toBeGreaterThan(1e-3);
  });
});
