// What normalizations are to each other: identities that hold for every shape, batches of 1 to 5 and odd extents included, for features
// without deviation and for means far from zero.
import type { AnyLayer, NdArray } from '@nn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchNorm } from './batchNorm.ts';
import { batchRenorm } from './batchRenorm.ts';
import { ghostBatchNorm } from './ghostBatchNorm.ts';
import { groupNorm } from './groupNorm.ts';
import { instanceNorm } from './instanceNorm.ts';
import { layerNorm } from './layerNorm.ts';
import { rmsNorm } from './rmsNorm.ts';
import { array, layerRunner } from '../testing/layerRunner.ts';
import { irregular } from '../testing/gradientCheck.ts';
import { columnOf, meanOf, varianceOf } from '../testing/sampleMoments.ts';

interface Case {
  readonly x: NdArray;
  readonly epsilon: number;
}

/** Numbers around a mean, of which one channel (the last axis) may be constant. */
function cases(batch: fc.Arbitrary<number>, between: fc.Arbitrary<readonly number[]>): fc.Arbitrary<Case> {
  return fc
    .record({
      batch,
      between,
      channels: fc.integer({ min: 1, max: 7 }),
      mean: fc.constantFrom(0, -3, 1e3, 1e6),
      deviation: fc.constantFrom(1, 0.01, 100),
      constant: fc.boolean(),
      phase: fc.integer({ min: 0, max: 1000 }),
      epsilon: fc.constantFrom(1e-5, 1e-3, 0),
    })
    .map(({ batch: rows, between: middle, channels, mean, deviation, constant, phase, epsilon }) => {
      const shape = [rows, ...middle, channels];
      const size = shape.reduce((product, extent) => product * extent, 1);
      const values = irregular(size, phase).map((value, index) => (constant && index % channels === 0 ? mean : mean + deviation * value));
      return { x: array(values, shape), epsilon };
    });
}

const few = fc.integer({ min: 1, max: 5 });
const images = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 2, max: 5 }));
const anything = fc.oneof(fc.constant([]), fc.tuple(fc.integer({ min: 1, max: 4 })), images);

/** Outputs and the gradient of a weighted sum of them by x. */
async function behaviour(layer: AnyLayer, x: NdArray): Promise<{ y: readonly number[]; dx: readonly number[] }> {
  const runner = await layerRunner(layer, x, { training: true, upstream: (count) => irregular(count, 3) });
  const { y, gradients } = await runner.run(x);
  return { y: [...y.data], dx: [...gradients['x']!.data] };
}

/** How far apart two layers are, as a part of the largest number, on a case in float64. */
async function distance(a: AnyLayer, b: AnyLayer, { x }: Case): Promise<number> {
  const [first, second] = [await behaviour(a, x), await behaviour(b, x)];
  const apart = (one: readonly number[], other: readonly number[]): number => {
    const scale = Math.max(1, ...other.map(Math.abs));
    return Math.max(...one.map((value, index) => Math.abs(value - other[index]!) / scale));
  };
  return Math.max(apart(first.y, second.y), apart(first.dx, second.dx));
}

/** Float64 keeps ten digits at mean 1e6; nothing here loses more. */
const close = 1e-8;

const runs = { numRuns: 30 } as const;

describe('identities', () => {
  it('groupNorm with one group is layerNorm over channels and space', () =>
    fc.assert(
      fc.asyncProperty(cases(few, images), async (given) => {
        const axes = [1, 2, 3];
        const { epsilon } = given;
        // Their parameters have other shapes: one per channel here, one per number there.
        const plain = { epsilon, scale: false, center: false };
        expect(await distance(groupNorm({ groups: 1, ...plain }), layerNorm({ axes, ...plain }), given)).toBeLessThan(close);
      }),
      runs,
    ));

  it('groupNorm with as many groups as channels is instanceNorm', () =>
    fc.assert(
      fc.asyncProperty(cases(few, images), async (given) => {
        const { epsilon } = given;
        const groups = given.x.shape.at(-1)!;
        expect(await distance(groupNorm({ groups, epsilon }), instanceNorm({ epsilon }), given)).toBeLessThan(close);
      }),
      runs,
    ));

  it('ghostBatchNorm with ghosts as large as the batch is batchNorm', () =>
    fc.assert(
      fc.asyncProperty(cases(fc.integer({ min: 2, max: 5 }), anything), async (given) => {
        const { epsilon } = given;
        const ghostBatchSize = given.x.shape[0]!;
        expect(await distance(ghostBatchNorm({ ghostBatchSize, epsilon }), batchNorm({ epsilon }), given)).toBeLessThan(close);
      }),
      runs,
    ));

  it('ghostBatchNorm is batchNorm on each ghost batch', () =>
    fc.assert(
      fc.asyncProperty(cases(fc.integer({ min: 2, max: 9 }), anything), fc.integer({ min: 2, max: 4 }), async ({ x, epsilon }, size) => {
        const { y } = await behaviour(ghostBatchNorm({ ghostBatchSize: size, epsilon }), x);
        const [rows, ...rest] = x.shape as [number, ...number[]];
        const width = x.size / rows;
        const ghosts = Math.max(1, Math.floor(rows / size));
        const parts = Array.from(
          { length: ghosts },
          (_, index) => [index * size, index === ghosts - 1 ? rows : (index + 1) * size] as const,
        );
        const alone = await Promise.all(
          parts.map(async ([from, to]) => {
            const part = array(x.data.subarray(from * width, to * width), [to - from, ...rest]);
            return (await behaviour(batchNorm({ epsilon }), part)).y;
          }),
        );
        alone.flat().forEach((value, index) => expect(Math.abs(value - y[index]!)).toBeLessThan(close));
      }),
      runs,
    ));

  it('batchRenorm with r = 1 and d = 0 is batchNorm', () =>
    fc.assert(
      fc.asyncProperty(cases(fc.integer({ min: 2, max: 5 }), anything), async (given) => {
        const { epsilon } = given;
        expect(await distance(batchRenorm({ rMax: 1, dMax: 0, epsilon }), batchNorm({ epsilon }), given)).toBeLessThan(close);
      }),
      runs,
    ));

  it('layerNorm of features without a mean is rmsNorm', () =>
    fc.assert(
      fc.asyncProperty(few, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 99 }), async (rows, half, phase) => {
        // Each feature beside its opposite.
        const features = irregular(rows * half, phase);
        const x = array(
          Array.from({ length: rows * half * 2 }, (_, index) => features[index >> 1]! * (index % 2 === 0 ? 1 : -1)),
          [rows, half * 2],
        );
        const [rms, layer] = [await behaviour(rmsNorm({ epsilon: 1e-5 }), x), await behaviour(layerNorm(), x)];
        rms.y.forEach((value, index) => expect(value).toBeCloseTo(layer.y[index]!, 9));
      }),
      runs,
    ));

  it('γ = √(σ² + ε) and β = μ make batchNorm the identity', () =>
    fc.assert(
      fc.asyncProperty(cases(fc.integer({ min: 2, max: 5 }), anything), async ({ x, epsilon }) => {
        const channels = x.shape.at(-1)!;
        const columns = Array.from({ length: channels }, (_, j) => columnOf(x.data, channels, j));
        const spreads = columns.map((values) => Math.sqrt(varianceOf(values) + epsilon));
        const runner = await layerRunner(batchNorm({ epsilon }), x, { training: true });
        runner.store.write('gamma', array(spreads, [channels]));
        runner.store.write('beta', array(columns.map(meanOf), [channels]));
        const { y } = await runner.run(x);
        y.data.forEach((value: number, index: number) => expect(Math.abs(value - x.data[index]!)).toBeLessThan(1e-6));
      }),
      runs,
    ));

  it('what is normalized has mean 0 and deviation 1, or 0 where there is no deviation', () =>
    fc.assert(
      fc.asyncProperty(cases(fc.integer({ min: 2, max: 5 }), anything), async ({ x }) => {
        const { y } = await behaviour(batchNorm({ epsilon: 0 }), x);
        const channels = x.shape.at(-1)!;
        for (let j = 0; j < channels; j++) {
          const [values, given] = [columnOf(y, channels, j), columnOf(x.data, channels, j)];
          expect(Math.abs(meanOf(values))).toBeLessThan(1e-6);
          expect(meanOf(values.map((value) => value * value))).toBeCloseTo(given.every((value) => value === given[0]) ? 0 : 1, 6);
        }
      }),
      runs,
    ));
});
