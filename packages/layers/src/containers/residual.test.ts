// residual: the sum of two ways, its names, and shapes that do not fit.
import type { Layer, NestedNumbers } from '@nn/core';
import { ShapeError, build, createNetwork, describe as describeModel, named } from '@nn/core';
import { constant, zeros } from '@nn/initializers';
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import { batchNorm } from '../normalization/batchNorm.ts';
import { dense } from '../dense/dense.ts';
import { relu } from '../activations/relu.ts';
import { residual } from './residual.ts';
import { sequential } from './sequential.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { array } from '../testing/layerRunner.ts';

const filled = (units: number, value: number) => dense(units, { kernelInitializer: constant(value), bias: false });

const paths = (model: Layer): string[] => [...declare(model, [1, 2]).specs.keys()];

async function predict(model: Layer): Promise<NestedNumbers> {
  const network = await createNetwork({ model, input: [2], backend: referenceBackend() });
  return (await network.predict([1, 2])).toArray();
}

describe('residual', () => {
  it('adds the input, or a shortcut', async () => {
    expect(await predict(residual(filled(2, 1)))).toEqual([4, 5]);
    expect(await predict(residual(filled(3, 1), filled(3, 10)))).toEqual([33, 33, 33]);
  });

  it('names its sides', () => {
    expect(paths(residual(sequential(filled(3, 1)), filled(3, 1)))).toEqual(['body/dense1/kernel', 'shortcut/kernel']);
    expect(paths(residual(named('main', filled(3, 1)), filled(3, 1)))).toEqual(['main/kernel', 'shortcut/kernel']);
    expect(paths(residual(named('shortcut', filled(3, 1)), filled(3, 1)))).toEqual(['shortcut/kernel', 'dense1/kernel']);
    const both = filled(3, 1);
    expect(paths(residual(both, both))).toEqual(['body/kernel']);
  });

  it('has the right gradients', async () => {
    const model = residual(sequential(dense(3), batchNorm(), relu()), dense(3));
    expect(await gradientError(model, array(irregular(10, 3), [5, 2]), { training: true })).toBeLessThan(1e-6);
  });

  it('is data and back', () => {
    const table = { residual, dense, constant, zeros };
    const both = filled(2, 1);
    for (const model of [residual(both), residual(both, filled(2, 2)), residual(both, both)]) {
      const description = describeModel(model);
      const rebuilt = build(description, table);
      expect(describeModel(rebuilt)).toEqual(description);
      expect(Object.keys(rebuilt.children!)).toEqual(Object.keys(model.children!));
    }
  });

  it('refuses sides that differ, and says what is missing', () => {
    expect(() => declare(residual(filled(3, 1)), [1, 2])).toThrow(ShapeError);
    expect(() => declare(residual(filled(3, 1)), [1, 2])).toThrow(
      /body gives f32\[1, 3\], but the input is f32\[1, 2\].*residual\(body, dense\(3\)\)/,
    );
    expect(() => declare(residual(filled(3, 1), filled(1, 1)), [1, 2])).toThrow(/the shortcut is f32\[1, 1\]/);
    expect(() => residual(filled(3, 1), relu as never)).toThrow(/shortcut is the factory relu/);
  });
});
