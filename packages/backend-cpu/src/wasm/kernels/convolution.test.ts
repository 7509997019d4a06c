// Convolutions and their gradients next to the reference: windows, strides, paddings, dilations and groups, on any number of threads.
import type { NdArray } from '@nn/core';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { arrayOf, call, expectClose, magnitudes, reference, seeds } from '../../testing/compare.ts';
import type { WasmStep } from '../command.ts';
import { conv2dInputGradientKernel, conv2dKernel, conv2dKernelGradientKernel } from './convolution.ts';
import { variants } from './testing/shares.ts';
import type { KernelShares } from './testing/shares.ts';

type Pair = readonly [number, number];

interface Geometry {
  readonly batch: number;
  readonly extents: Pair;
  readonly window: Pair;
  readonly strides: Pair;
  readonly padding: readonly [Pair, Pair];
  readonly dilations: Pair;
  readonly groups: number;
  readonly inPerGroup: number;
  readonly outPerGroup: number;
}

const pair = (values: readonly number[]): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.constantFrom(...values), fc.constantFrom(...values));

const geometries: fc.Arbitrary<Geometry> = fc
  .record({
    batch: fc.constantFrom(0, 1, 2, 5),
    extents: pair([1, 3, 4, 7, 9]),
    window: pair([1, 2, 3, 5]),
    strides: pair([1, 1, 2, 3]),
    padding: fc.tuple(pair([0, 1, 2]), pair([0, 1, 3])),
    dilations: pair([1, 1, 2]),
    groups: fc.constantFrom(1, 1, 2, 3),
    inPerGroup: fc.constantFrom(1, 2, 3, 8, 9),
    outPerGroup: fc.constantFrom(1, 2, 5, 8, 17),
  })
  .filter((geometry) => positionsOf(geometry).every((count) => count > 0));

function positionsOf({ extents, window, strides, padding, dilations }: Geometry): Pair {
  const along = (axis: 0 | 1): number => {
    const [before, after] = padding[axis];
    return Math.floor((extents[axis] + before + after - (window[axis] - 1) * dilations[axis] - 1) / strides[axis]) + 1;
  };
  return [along(0), along(1)];
}

/** One case of each op: what it is called with, and what it prepares. */
function casesOf(geometry: Geometry, seed: number, wideTiles: boolean) {
  const { batch, extents, window, strides, padding, dilations, groups, inPerGroup, outPerGroup } = geometry;
  const attrs = { window, strides, padding, dilations, groups };
  const x = arrayOf([batch, ...extents, groups * inPerGroup], 'f32', seed);
  const kernel = arrayOf([...window, inPerGroup, groups * outPerGroup], 'f32', seed + 1);
  const dy = arrayOf([batch, ...positionsOf(geometry), groups * outPerGroup], 'f32', seed + 2);
  const inputAttrs = { ...attrs, height: extents[0], width: extents[1] };
  const options = { wideTiles };
  return [
    { op: 'conv2d', attrs, inputs: [x, kernel], step: conv2dKernel(options)({ attrs, inputs: [x, kernel], outputs: [dy] }), output: dy },
    {
      op: 'conv2dInputGradient',
      attrs: inputAttrs,
      inputs: [kernel, dy],
      step: conv2dInputGradientKernel(options)({ attrs: inputAttrs, inputs: [kernel, dy], outputs: [x] }),
      output: x,
    },
    {
      op: 'conv2dKernelGradient',
      attrs,
      inputs: [x, dy],
      step: conv2dKernelGradientKernel(options)({ attrs, inputs: [x, dy], outputs: [kernel] }),
      output: kernel,
    },
  ];
}

interface Case {
  readonly op: string;
  readonly attrs: object;
  readonly inputs: readonly NdArray[];
  readonly step: WasmStep;
  readonly output: NdArray;
}

async function expectAgreement(shares: KernelShares, { op, attrs, inputs, step, output }: Case): Promise<void> {
  const [[expected], [scale]] = await Promise.all([call(reference, op, attrs, inputs), call(reference, op, attrs, inputs.map(magnitudes))]);
  const [result] = shares.runOnAll(step, inputs, [{ shape: output.shape, dtype: 'f32' }]);
  expectClose(result!, expected!, { relative: 2 ** -21, scale: scale! });
}

describe.each(variants)('conv2d and its gradients, %s', (_, shares) => {
  it('for all kinds of windows', async () => {
    const check = fc.asyncProperty(geometries, fc.boolean(), seeds, async (geometry, wideTiles, seed) => {
      for (const one of casesOf(geometry, seed, wideTiles)) await expectAgreement(shares, one);
    });
    await fc.assert(check, { numRuns: 60 });
  });

  it('with a window for each channel', async () => {
    const channels = fc.constantFrom(1, 3, 4, 16, 23);
    const check = fc.asyncProperty(geometries, channels, seeds, async (geometry, groups, seed) => {
      for (const one of casesOf({ ...geometry, groups, inPerGroup: 1, outPerGroup: 1 }, seed, false)) await expectAgreement(shares, one);
    });
    await fc.assert(check, { numRuns: 40 });
  });

  it('larger than the blocks', async () => {
    const square = {
      strides: [1, 1],
      padding: [
        [1, 1],
        [1, 1],
      ],
      dilations: [1, 1],
      groups: 1,
    } as const;
    for (const geometry of [
      { ...square, batch: 3, extents: [14, 14], window: [3, 3], inPerGroup: 32, outPerGroup: 20 },
      { ...square, batch: 1, extents: [3, 3], window: [3, 3], inPerGroup: 70, outPerGroup: 260 },
      { ...square, batch: 2, extents: [30, 20], window: [5, 5], strides: [2, 2], inPerGroup: 3, outPerGroup: 16 },
    ] as const) {
      for (const one of casesOf(geometry, 1, true)) await expectAgreement(shares, one);
    }
  });
});
