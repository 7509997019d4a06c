// Winograd's convolutions next to the reference, with the tolerance that the direct way has, on any number of threads.
import type { NdArray } from '@nn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayOf, call, expectClose, magnitudes, reference, seeds } from '../../testing/compare.ts';
import type { WasmStep } from '../command.ts';
import { conv2dInputGradientKernel, conv2dKernel } from './convolution.ts';
import { variants } from './testing/shares.ts';
import type { KernelShares } from './testing/shares.ts';

interface Geometry {
  readonly batch: number;
  readonly extents: readonly [rows: number, columns: number];
  readonly before: readonly [rows: number, columns: number];
  readonly after: readonly [rows: number, columns: number];
  readonly channels: number;
  readonly out: number;
}

const same: Geometry = { batch: 2, extents: [12, 11], before: [1, 1], after: [1, 1], channels: 16, out: 24 };

const zeros = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }));
const extent = fc.integer({ min: 7, max: 10 });
const channels = fc.constantFrom(16, 24, 32);
const geometries: fc.Arbitrary<Geometry> = fc
  .record({
    batch: fc.integer({ min: 3, max: 4 }),
    extents: fc.tuple(extent, extent),
    before: zeros,
    after: zeros,
    channels,
    out: channels,
  })
  .filter((geometry) => geometry.batch * resultOf(geometry)[0] * resultOf(geometry)[1] >= 128);

function resultOf({ extents, before, after }: Geometry): readonly [number, number] {
  return [extents[0] + before[0] + after[0] - 2, extents[1] + before[1] + after[1] - 2];
}

function attrsOf({ before, after }: Geometry) {
  return {
    window: [3, 3],
    strides: [1, 1],
    padding: [
      [before[0], after[0]],
      [before[1], after[1]],
    ],
    dilations: [1, 1],
    groups: 1,
  } as const;
}

interface Case {
  readonly op: string;
  readonly attrs: object;
  readonly inputs: readonly NdArray[];
  readonly step: WasmStep;
  readonly output: NdArray;
}

function arraysOf({ batch, extents, channels: inputs, out, ...rest }: Geometry, seed: number) {
  return {
    x: arrayOf([batch, ...extents, inputs], 'f32', seed),
    kernel: arrayOf([3, 3, inputs, out], 'f32', seed + 1),
    dy: arrayOf([batch, ...resultOf({ batch, extents, channels: inputs, out, ...rest }), out], 'f32', seed + 2),
  };
}

/** The convolution and its gradient with respect to the image. */
function casesOf(geometry: Geometry, { x, kernel, dy }: ReturnType<typeof arraysOf>, wideTiles = false): readonly [Case, Case] {
  const attrs = attrsOf(geometry);
  const inputAttrs = { ...attrs, height: geometry.extents[0], width: geometry.extents[1] };
  const forward = conv2dKernel({ wideTiles })({ attrs, inputs: [x, kernel], outputs: [dy] });
  const gradient = conv2dInputGradientKernel({ wideTiles })({ attrs: inputAttrs, inputs: [kernel, dy], outputs: [x] });
  return [
    { op: 'conv2d', attrs, inputs: [x, kernel], step: forward, output: dy },
    { op: 'conv2dInputGradient', attrs: inputAttrs, inputs: [kernel, dy], step: gradient, output: x },
  ];
}

const kernelsOf = ({ step }: Case): unknown[] => step.commands.map(({ kernel }) => kernel);

async function expectAgreement(shares: KernelShares, one: Case): Promise<void> {
  const { op, attrs, inputs, step, output } = one;
  expect(kernelsOf(one)).toEqual(['winogradKernel', 'winogradConvolution']);
  const [[expected], [scale]] = await Promise.all([call(reference, op, attrs, inputs), call(reference, op, attrs, inputs.map(magnitudes))]);
  const [result] = shares.runOnAll(step, inputs, [{ shape: output.shape, dtype: 'f32' }]);
  expectClose(result!, expected!, { relative: 2 ** -21, scale: scale! });
}

describe.each(variants)("Winograd's convolutions, %s", (_, shares) => {
  it('for all extents and paddings', async () => {
    const check = fc.asyncProperty(geometries, fc.boolean(), seeds, async (geometry, wideTiles, seed) => {
      for (const one of casesOf(geometry, arraysOf(geometry, seed), wideTiles)) await expectAgreement(shares, one);
    });
    await fc.assert(check, { numRuns: 12 });
  });

  it('of lines that are transformed in several parts', async () => {
    const geometry: Geometry = { ...same, batch: 1, extents: [9, 36], channels: 64, out: 64 };
    for (const one of casesOf(geometry, arraysOf(geometry, 1), true)) await expectAgreement(shares, one);
  });

  it('infinities, NaN, and numbers whose sums overflow reach what is computed from them, as they do the direct way', async () => {
    const arrays = arraysOf(same, 7);
    const { x, kernel, dy } = arrays;
    kernel.data.forEach((value, index) => (kernel.data[index] = 1e-3 * (2 + Math.abs(value))));
    for (const { data, shape } of [x, dy]) {
      const put = (image: number, row: number, column: number, channel: number, value: number): void => {
        data[((image * shape[1]! + row) * shape[2]! + column) * shape[3]! + channel] = value;
      };
      put(0, 0, 0, 3, Infinity);
      put(0, 5, 4, 0, -Infinity);
      put(0, 9, 10, 1, Number.NaN);
      for (const row of [4, 5]) for (const column of [4, 5]) put(1, row, column, 2, 3e38);
    }
    for (const one of casesOf(same, arrays)) await expectAgreement(shares, one);
  });
});

it('are not made of few channels, few pixels, or other windows', () => {
  const kernels = (geometry: Geometry): unknown[] => casesOf(geometry, arraysOf(geometry, 1)).flatMap(kernelsOf);
  expect(kernels({ ...same, channels: 8 })).toEqual(['product', 'product']);
  expect(kernels({ ...same, out: 20 })).toEqual(['product', 'product']);
  expect(kernels({ ...same, batch: 1, extents: [6, 6] })).toEqual(['product', 'product']);
  expect(kernels({ ...same, batch: 20, extents: [3, 3] })).toEqual(['product', 'product']);
  const { x, kernel, dy } = arraysOf(same, 1);
  for (const other of [{ strides: [2, 2] }, { dilations: [2, 2] }, { groups: 2 }] as const) {
    const step = conv2dKernel({ wideTiles: false })({ attrs: { ...attrsOf(same), ...other }, inputs: [x, kernel], outputs: [dy] });
    expect(step.commands.map((command) => command.kernel)).toEqual(['product']);
  }
});
