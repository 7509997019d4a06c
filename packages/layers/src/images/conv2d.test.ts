// conv2d: values by hand, geometry, gradients, groups, and what it refuses.
import type { NdArray } from '@nn/core';
import { ConfigError, ShapeError, modelShape, stridesOf } from '@nn/core';
import { constant, identity } from '@nn/initializers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conv2d } from './conv2d.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { applyLayer, array, layerRunner } from '../testing/layerRunner.ts';

const shapeOf = (layer: ReturnType<typeof conv2d>, image: readonly number[]): unknown =>
  modelShape(layer, { shape: image, dtype: 'f32' }).output;

interface Along {
  readonly extent: number;
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

const along: fc.Arbitrary<Along> = fc
  .record({
    extent: fc.integer({ min: 1, max: 6 }),
    window: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 3 }),
    before: fc.integer({ min: 0, max: 2 }),
    after: fc.integer({ min: 0, max: 2 }),
  })
  .filter(({ extent, window, dilation, before, after }) => (window - 1) * dilation < extent + before + after);

const settings = fc.record({
  groups: fc.integer({ min: 1, max: 3 }),
  inPerGroup: fc.integer({ min: 1, max: 2 }),
  outPerGroup: fc.integer({ min: 1, max: 2 }),
  rows: along,
  columns: along,
  bias: fc.boolean(),
});

/** The element of a convolution, by its definition, that has an index of a result of that shape. */
function correlation(given: { x: NdArray; kernel: NdArray; rows: Along; columns: Along; outPerGroup: number }) {
  const { x, kernel, rows, columns, outPerGroup } = given;
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const [, , inPerGroup, filters] = kernel.shape as [number, number, number, number];
  return (index: number, shape: readonly number[]): number => {
    const [image = 0, row = 0, column = 0, filter = 0] = stridesOf(shape).map((stride, axis) => Math.floor(index / stride) % shape[axis]!);
    let sum = 0;
    for (let r = 0; r < rows.window; r++) {
      for (let c = 0; c < columns.window; c++) {
        const [i, j] = [
          row * rows.stride + r * rows.dilation - rows.before,
          column * columns.stride + c * columns.dilation - columns.before,
        ];
        if (i < 0 || i >= height || j < 0 || j >= width) continue;
        for (let k = 0; k < inPerGroup; k++) {
          const channel = Math.floor(filter / outPerGroup) * inPerGroup + k;
          sum +=
            x.data[((image * height + i) * width + j) * channels + channel]! *
            kernel.data[((r * columns.window + c) * inPerGroup + k) * filters + filter]!;
        }
      }
    }
    return sum;
  };
}

describe('conv2d', () => {
  it('slides its kernel without turning it round', async () => {
    const runner = await layerRunner(conv2d(1, { window: 2 }), { shape: [1, 3, 3, 1], dtype: 'f32' });
    runner.store.write('kernel', array([1, 10, 100, 1000], [2, 2, 1, 1]));
    runner.store.write('bias', array([0.5], [1]));
    const { y } = await runner.run(array([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]));
    expect([...y.data]).toEqual([5421.5, 6532.5, 8754.5, 9865.5]);
  });

  it('declares kernel, bias and fans', () => {
    const { specs } = declare(conv2d(6, { window: [3, 5], groups: 2 }), [1, 8, 8, 4]);
    expect(specs.get('kernel')).toMatchObject({ shape: [3, 5, 2, 6], fans: { fanIn: 30, fanOut: 45 } });
    expect(specs.get('bias')).toMatchObject({ shape: [6] });
  });

  it.each([
    [{}, [2, 7, 8, 3], [2, 5, 6, 4]],
    [{ padding: 'same' }, [2, 7, 8, 3], [2, 7, 8, 4]],
    [{ padding: 'same', strides: 2 }, [2, 7, 8, 3], [2, 4, 4, 4]],
    [{ padding: 1, strides: [2, 3] }, [2, 7, 8, 3], [2, 4, 3, 4]],
    [
      {
        padding: [
          [0, 1],
          [2, 0],
        ],
        window: [2, 4],
      },
      [2, 7, 8, 3],
      [2, 7, 7, 4],
    ],
    [{ dilations: 2 }, [2, 7, 8, 3], [2, 3, 4, 4]],
    [{ window: 1 }, [2, 7, 8, 3], [2, 7, 8, 4]],
  ] as const)('with %j makes %j into %j', (options, image, expected) => {
    expect(shapeOf(conv2d(4, options), image)).toEqual({ shape: expected, dtype: 'f32' });
  });

  it('pads with zeros', async () => {
    const layer = conv2d(1, { padding: 'same', kernelInitializer: constant(1) });
    expect([...(await applyLayer(layer, array([1, 1, 1, 1], [1, 2, 2, 1]))).y.data]).toEqual([4, 4, 4, 4]);
  });

  it('keeps groups apart', async () => {
    const layer = conv2d(2, { window: 1, groups: 2, bias: false, kernelInitializer: constant(1) });
    expect([...(await applyLayer(layer, array([1, 2, 10, 20], [1, 1, 1, 4]))).y.data]).toEqual([3, 30]);
  });

  it.each([
    {},
    { padding: 'same', strides: 2 },
    { dilations: [1, 2], padding: 1 },
    { groups: 2, window: 2 },
    { bias: false, strides: [1, 2] },
  ] as const)('has the right gradients with %j', async (options) => {
    expect(await gradientError(conv2d(4, options), array(irregular(100), [1, 5, 5, 4]))).toBeLessThan(1e-6);
  });

  it('hands images on with an identity kernel and the same padding, whatever the window', async () => {
    const image = array(irregular(60), [1, 5, 4, 3]);
    for (const window of [1, 2, 3, [4, 5]] as const) {
      for (const groups of [1, 3]) {
        const layer = conv2d(3, { window, padding: 'same', groups, kernelInitializer: identity(), bias: false });
        expect((await applyLayer(layer, image)).y.data).toEqual(image.data);
      }
    }
  });

  it('agrees with its definition for windows of every kind', async () => {
    await fc.assert(
      fc.asyncProperty(settings, async ({ groups, inPerGroup, outPerGroup, rows, columns, bias }) => {
        const layer = conv2d(groups * outPerGroup, {
          window: [rows.window, columns.window],
          strides: [rows.stride, columns.stride],
          dilations: [rows.dilation, columns.dilation],
          padding: [
            [rows.before, rows.after],
            [columns.before, columns.after],
          ],
          groups,
          bias,
        });
        const x = array(irregular(2 * rows.extent * columns.extent * groups * inPerGroup), [
          2,
          rows.extent,
          columns.extent,
          groups * inPerGroup,
        ]);
        const runner = await layerRunner(layer, x);
        const kernel = await runner.store.read('kernel');
        const shift = array(irregular(groups * outPerGroup, 3), [groups * outPerGroup]);
        if (bias) runner.store.write('bias', shift);
        const { y } = await runner.run(x);
        const expected = correlation({ x, kernel, rows, columns, outPerGroup });
        y.data.forEach((value, index) => {
          const added = bias ? shift.data[index % shift.size]! : 0;
          expect(value).toBeCloseTo(expected(index, y.shape) + added, 10);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('refuses options out of range', () => {
    expect(() => conv2d(0)).toThrow(ConfigError);
    expect(() => conv2d(1, { strides: 0 })).toThrow(/strides is 0/);
    expect(() => conv2d(1, { dilations: [1, 0] })).toThrow(/dilations is 0/);
    expect(() => conv2d(1, { padding: -1 })).toThrow(/padding is -1/);
    expect(() => conv2d(1, { padding: 'sme' as 'same' })).toThrow(/'valid', 'same'/);
    expect(() => conv2d(1, { kernelSize: 3 } as object)).toThrow(/no option "kernelSize"/);
  });

  it('refuses images it cannot take', () => {
    expect(() => shapeOf(conv2d(1), [2, 28, 28])).toThrow(/\[batch, height, width, 1\]/);
    expect(() => shapeOf(conv2d(1), [2, 2, 2, 1])).toThrow(ShapeError);
    expect(() => shapeOf(conv2d(4, { groups: 3 }), [2, 5, 5, 3])).toThrow(/3 groups do not divide/);
  });
});
