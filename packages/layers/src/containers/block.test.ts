// block: models that are no chain, also with several inputs and outputs.
import type { Tensor } from '@nn/core';
import { ConfigError, TraceError, add, createNetwork, describe as describeModel, mul } from '@nn/core';
import { ones } from '@nn/initializers';
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import { batchNorm } from '../normalization/batchNorm.ts';
import { block } from './block.ts';
import { dense } from '../dense/dense.ts';
import { sequential } from './sequential.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { array } from '../testing/layerRunner.ts';

const inner = sequential(dense(3, { kernelInitializer: ones() }));
const skip = block((x, call) => add(x, call('branch', inner, x)));

describe('block', () => {
  it('is any function of tensors and layers, which it names', async () => {
    const network = await createNetwork({ model: sequential(skip), input: [3], backend: referenceBackend() });
    expect((await network.predict([1, 2, 3])).toArray()).toEqual([7, 8, 9]);
    expect(network.variables().map(({ path }) => path)).toEqual(['block1/branch/dense1/kernel', 'block1/branch/dense1/bias']);
  });

  it('has the right gradients', async () => {
    expect(
      await gradientError(
        block((x, call) => mul(x, call('norm', batchNorm(), x))),
        array(irregular(12), [4, 3]),
        { training: true },
      ),
    ).toBeLessThan(1e-6);
  });

  it('takes records and gives tuples', async () => {
    const gate = dense(2, { kernelInitializer: ones() });
    const model = block((x: { left: Tensor; right: Tensor }, call) => [call('gate', gate, x.left), mul(x.right, 2)] as const);
    const network = await createNetwork({ model, input: { left: [3], right: [1] }, backend: referenceBackend() });
    const result = await network.predict({ left: [1, 2, 3], right: [4] });
    expect(Object.values(result).map(String)).toEqual([expect.stringContaining('6, 6'), expect.stringContaining('8')]);
  });

  it('shares a layer it calls twice under one name', () => {
    const shared = dense(3);
    const model = block((x, call) => add(call('shared', shared, x), call('shared', shared, mul(x, 2))));
    expect(Object.keys(declare(model, [1, 3]).variables)).toEqual(['shared/kernel', 'shared/bias']);
  });

  it('refuses two layers under one name, names that are no names, and what is no function', () => {
    expect(() =>
      declare(
        block((x, call) => add(call('a', dense(3), x), call('a', dense(3), x))),
        [1, 3],
      ),
    ).toThrow(TraceError);
    expect(() =>
      declare(
        block((x, call) => call('a/b', inner, x)),
        [1, 3],
      ),
    ).toThrow(/has no slash/);
    expect(() => block(dense(3) as never)).toThrow(ConfigError);
  });

  it('is code, which is no data', () => {
    expect(() => describeModel(skip)).toThrow(ConfigError);
  });
});
