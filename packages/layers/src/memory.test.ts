// What training keeps and what layers cost: the lecture's formula, the figures of the field, and what programs really hold.
import { referenceBackend } from '@nn/backend-reference';
import type { AnyLayer, Layer } from '@nn/core';
import { createNetwork, floatingPointOperations, inferenceProgram, memory } from '@nn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchNorm } from './normalization/batchNorm.ts';
import { conv2d } from './images/conv2d.ts';
import { dense } from './dense/dense.ts';
import { dropout } from './dropout/dropout.ts';
import { flatten } from './images/flatten.ts';
import { maxPool2d } from './images/maxPool2d.ts';
import { relu } from './activations/relu.ts';
import { sequential } from './containers/sequential.ts';

const bytesOfNumber = 4;
const width = fc.integer({ min: 1, max: 40 });
const batches = fc.integer({ min: 2, max: 300 });

/** Units of hidden layers, then of the output. */
const widths = fc.array(width, { minLength: 1, maxLength: 4 });

function mlp(units: readonly number[], normalizer: () => readonly Layer[]): AnyLayer {
  return sequential(...units.flatMap((count) => [dense(count), ...normalizer(), relu()]));
}

describe("lecture 001's formula", () => {
  it('is d · B for each layer of d units', () => {
    fc.assert(
      fc.property(width, widths, batches, (features, units, batch) => {
        const numbers = units.reduce((sum, d) => sum + d * batch, 0);
        expect(
          memory(
            mlp(units, () => []),
            [features],
            batch,
          ).predicted,
        ).toBe(bytesOfNumber * numbers);
      }),
    );
  });

  it('is 2d + 2 · d · B with batch normalization', () => {
    fc.assert(
      fc.property(width, widths, batches, (features, units, batch) => {
        const numbers = units.reduce((sum, d) => sum + 2 * d + 2 * d * batch, 0);
        const need = memory(
          mlp(units, () => [batchNorm()]),
          [features],
          batch,
        );
        expect(need.predicted).toBe(bytesOfNumber * numbers);
        const dense1 = need.layers.get('dense1')!.predicted;
        expect([dense1, need.layers.get('batchNorm1')!.predicted - dense1]).toEqual([4 * units[0]! * batch, 4 * 2 * units[0]!]);
      }),
    );
  });

  it('counts every pixel of a convolution, and a channel once', () => {
    const model = sequential(conv2d(8, { padding: 'same' }), batchNorm(), relu());
    expect(memory(model, [5, 6, 3], 10).predicted).toBe(4 * (2 * 8 + 2 * (5 * 6 * 8) * 10));
  });
});

describe('what programs retain', () => {
  it('is what the gradients of this network read: z, x̂ through its statistics, and what each layer passes on', () => {
    fc.assert(
      fc.property(width, width, batches, (features, d, batch) => {
        const { retained, layers } = memory(sequential(dense(d, { bias: false }), batchNorm(), relu(), dense(3)), [features], batch);
        // z for the normalization; its output and center, correction and deviation of each unit; relu's output for the kernel of dense2.
        expect(layers.get('dense1')!.retained).toBe(4 * d * batch);
        expect(layers.get('batchNorm1')!.retained).toBe(4 * (d * batch + 3 * d));
        expect(layers.get('relu1')!.retained).toBe(4 * d * batch);
        expect(layers.get('dense2')!.retained).toBe(0);
        expect(retained).toBe(4 * (3 * d * batch + 3 * d));
      }),
      { numRuns: 20 },
    );
  });

  it('of dropout is what it gives and the random numbers of its mask, four bytes for each value', () => {
    const { layers } = memory(sequential(dense(16, { bias: false }), dropout(), dense(3)), [4], 8);
    expect(layers.get('dropout1')!.retained).toBe(2 * bytesOfNumber * 16 * 8);
  });

  it('does not count the data, or a reshape of them', () => {
    expect(memory(sequential(flatten(), dense(3)), [4, 5], 7).retained).toBe(0);
  });

  it('counts what a backend without the composite has to keep', () => {
    const model = sequential(dense(6), batchNorm(), relu(), dense(3));
    const apart = memory(model, [5], 8, { keeps: () => false });
    expect(apart.retained).toBeGreaterThan(0);
    expect(apart.predicted).toBe(memory(model, [5], 8).predicted);
  });

  it('is refused with the words of the layer that does not train on such a batch', () => {
    expect(() => memory(sequential(dense(3), batchNorm()), [4], 1)).toThrow('batchNorm1: batchNorm cannot train on x f32[1, 3]');
    expect(() => memory(dense(3), [4], 0)).toThrow('memory: batch is 0');
  });
});

describe('floating-point operations', () => {
  const of = (model: AnyLayer, sample: readonly number[], batch: number): Record<string, number> =>
    Object.fromEntries(floatingPointOperations(inferenceProgram({ model, input: { shape: [batch, ...sample], dtype: 'f32' } })));

  it('are two for each weight that a sample meets, and one for its bias', () => {
    fc.assert(
      fc.property(width, width, width, (features, units, batch) => {
        expect(of(dense(units), [features], batch)['']).toBe(batch * (2 * features * units + units));
        expect(of(dense(units, { bias: false }), [features], batch)['']).toBe(2 * batch * features * units);
      }),
      { numRuns: 20 },
    );
  });

  it('of a convolution are two for each weight at each position', () => {
    expect(of(conv2d(8, { padding: 'same', bias: false }), [7, 9, 3], 2)['']).toBe(2 * 2 * (7 * 9) * (3 * 3 * 3) * 8);
    expect(of(conv2d(8, { strides: 2, groups: 2, bias: false }), [7, 9, 4], 2)['']).toBe(2 * 2 * (3 * 4) * (3 * 3 * 2) * 8);
  });

  it('belong to the layer that asks for them', () => {
    const model = sequential(conv2d(4, { padding: 'same' }), relu(), maxPool2d(), flatten(), dropout({ rate: 0.5 }), dense(3));
    expect(of(model, [4, 4, 1], 1)).toEqual({
      conv2d1: 2 * 16 * 9 * 4 + 16 * 4,
      relu1: 16 * 4,
      // Three comparisons find the largest of four.
      maxPool2d1: 3 * 4 * 4,
      flatten1: 0,
      dense1: 2 * 16 * 3 + 3,
    });
  });
});

describe('the summary of a network', () => {
  it('prints both, and the numbers of each role', async () => {
    const model = sequential(dense(5, { bias: false }), batchNorm(), relu(), dense(2));
    const network = await createNetwork({ model, input: [4], backend: referenceBackend() });
    expect(network.summary()).toMatchObject({ total: 20 + 20 + 12, trainable: 42, buffers: 10 });
    expect(network.summary().memory).toBeUndefined();
    expect(String(network.summary({ batch: 8 }))).toMatchInlineSnapshot(`
      "layer       kind        output     trainable  buffers  operations  retained  predicted
      (model)     sequential  f32[8, 2]          0        0           0         0          0
      dense1      dense       f32[8, 5]         20        0         320       160        160
      batchNorm1  batchNorm   f32[8, 5]         10       10         140       220        200
      relu1       relu        f32[8, 5]          0        0          40       160          0
      dense2      dense       f32[8, 2]         12        0         176         0         64
      total                                     42       10         676       540        424
      52 numbers: 42 trainable, 10 in buffers
      training on batches of 8: bytes the backward pass reads again, and what lecture 001 predicts (4 for each of its numbers)"
    `);
    expect(() => network.summary({ batch: 1.5 })).toThrow('summary: batch is 1.5');
  });
});
