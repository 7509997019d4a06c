// concatenate: branches side by side, their names, and shapes that do not fit.
import { ConfigError, ShapeError, build, createNetwork, describe as describeModel } from '@nn/core';
import { constant, zeros } from '@nn/initializers';
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import { concatenate } from './concatenate.ts';
import { dense } from '../dense/dense.ts';
import { flatten } from '../images/flatten.ts';
import { sequential } from './sequential.ts';
import { tanh } from '../activations/tanh.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { array } from '../testing/layerRunner.ts';

const filled = (units: number, value: number) => dense(units, { kernelInitializer: constant(value), bias: false });

describe('concatenate', () => {
  it('joins the branches along the last axis', async () => {
    const model = concatenate(filled(2, 1), sequential(), filled(1, 10));
    const network = await createNetwork({ model, input: [2], backend: referenceBackend() });
    expect((await network.predict([1, 2])).toArray()).toEqual([3, 3, 1, 2, 30]);
    expect(network.variables().map(({ path }) => path)).toEqual(['dense1/kernel', 'dense2/kernel']);
  });

  it('has the right gradients, also for a branch used twice', async () => {
    const branch = dense(2);
    expect(await gradientError(concatenate(branch, tanh(), branch), array(irregular(12), [4, 3]))).toBeLessThan(1e-6);
  });

  it('is data and back', () => {
    const branch = filled(2, 1);
    const description = describeModel(concatenate(branch, filled(3, 1), branch));
    expect(describeModel(build(description, { concatenate, dense, constant, zeros }))).toEqual(description);
  });

  it('refuses no branches and branches that do not fit', () => {
    expect(() => concatenate()).toThrow(ConfigError);
    const uneven = concatenate(filled(2, 1), flatten());
    expect(() => declare(uneven, [1, 2, 3])).toThrow(ShapeError);
    expect(() => declare(uneven, [1, 2, 3])).toThrow(/branch dense1 gives f32\[1, 2, 2\], but branch flatten1 gives f32\[1, 6\]/);
  });
});
