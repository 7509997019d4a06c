// sequential: names, sharing, what inserting a layer changes, and what it refuses.
import type { AnyLayer, NestedNumbers } from '@nn/core';
import { ConfigError, ShapeError, TraceError, build, createNetwork, describe as describeModel, identicalArrays, named } from '@nn/core';
import { glorotUniform, zeros, ones } from '@nn/initializers';
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import { batchNorm } from '../normalization/batchNorm.ts';
import { dense } from '../dense/dense.ts';
import { dropout } from '../dropout/dropout.ts';
import { relu } from '../activations/relu.ts';
import { ema } from '../runningStatistics/ema.ts';
import { sequential } from './sequential.ts';
import { declare } from '../testing/declare.ts';
import { gradientError, irregular } from '../testing/gradientCheck.ts';
import { array } from '../testing/layerRunner.ts';

const initial = (model: AnyLayer) => declare(model, [2, 3]).variables;

async function predict(model: AnyLayer): Promise<NestedNumbers> {
  const network = await createNetwork({ model, input: [3], backend: referenceBackend() });
  return (await network.predict([1, 2, 3])).toArray();
}

describe('names in a chain', () => {
  it('are kind and ordinal', () => {
    const model = sequential(dense(4), batchNorm(), relu(), dense(4), batchNorm(), relu(), dense(2));
    expect(Object.keys(model.children!)).toEqual(['dense1', 'batchNorm1', 'relu1', 'dense2', 'batchNorm2', 'relu2', 'dense3']);
    expect(Object.keys(initial(sequential(sequential(dense(4)), dense(2))))).toEqual([
      'sequential1/dense1/kernel',
      'sequential1/dense1/bias',
      'dense1/kernel',
      'dense1/bias',
    ]);
  });

  it('and numbers stay when normalization and dropout are inserted', () => {
    const plain = initial(sequential(dense(4), relu(), dense(2)));
    const normalized = initial(sequential(dense(4), batchNorm(), relu(), dropout(), dense(2)));
    for (const [path, value] of Object.entries(plain)) expect(identicalArrays(normalized[path]!, value)).toBe(true);
    expect(Object.keys(normalized)).toHaveLength(Object.keys(plain).length + 4);
  });

  it('can be pinned; the others keep out of their way', () => {
    const model = sequential(dense(4), named('hidden', dense(4)), dense(4), named('dense2', dense(4)));
    expect(Object.keys(model.children!)).toEqual(['dense1', 'hidden', 'dense3', 'dense2']);
  });
});

describe('a layer that stands in a chain twice', () => {
  const shared = dense(3, { kernelInitializer: ones() });
  const model = sequential(shared, relu(), shared);

  it('has one set of variables, and its gradients add', async () => {
    expect(Object.keys(initial(model))).toEqual(['dense1/kernel', 'dense1/bias']);
    expect(
      await gradientError(
        model,
        array(
          irregular(6).map((value) => value + 3),
          [2, 3],
        ),
      ),
    ).toBeLessThan(1e-6);
  });

  it('is still one after describe and build', async () => {
    const rebuilt = build(describeModel(model), { sequential, dense, relu, ones, zeros });
    expect(Object.keys(initial(rebuilt))).toEqual(['dense1/kernel', 'dense1/bias']);
    expect(await predict(rebuilt)).toEqual(await predict(model));
    expect(await predict(model)).toEqual([18, 18, 18]);
  });

  it('cannot take two widths', () => {
    const widening = dense(5);
    expect(() => initial(sequential(widening, widening))).toThrow(ShapeError);
    expect(() => initial(sequential(widening, widening))).toThrow(/dense1\/kernel.*\[3, 5\].*\[5, 5\]/);
  });
});

describe('sequential', () => {
  it('is data and back', () => {
    const model = sequential(dense(4, { bias: false }), batchNorm(), named('out', dense(2)));
    const description = JSON.parse(JSON.stringify(describeModel(model))) as ReturnType<typeof describeModel>;
    const rebuilt = build(description, { sequential, dense, batchNorm, ema, glorotUniform, zeros, ones });
    expect(describeModel(rebuilt)).toEqual(describeModel(model));
    expect(initial(rebuilt)).toEqual(initial(model));
    expect(() => build(description, { sequential, dense, ema, glorotUniform, zeros, ones })).toThrow(ConfigError);
  });

  it('of nothing is the identity', async () => {
    expect(await predict(sequential())).toEqual([1, 2, 3]);
  });

  it('is frozen, with all its layers', () => {
    const model = sequential(dense(2), batchNorm(), dropout(), relu());
    const records = [model, model.options, model.children!, ...Object.values(model.children!).flatMap((layer) => [layer, layer.options])];
    for (const record of records) expect(Object.isFrozen(record)).toBe(true);
  });

  it('refuses two layers pinned to one name, and what is no layer', () => {
    expect(() => sequential(named('a', dense(2)), named('a', relu()))).toThrow(TraceError);
    expect(() => sequential(named('a', dense(2)), named('a', relu()))).toThrow(/a dense and a relu are both named "a"/);
    // @ts-expect-error a factory that was not called is no layer
    expect(() => sequential(dense(2), relu)).toThrow(/layer 2 is the factory relu.*Call the factory: relu\(…\)/);
    expect(() => sequential([dense(2)] as never)).toThrow(/layer 1 is an array/);
  });

  it('names the layer in the errors of a layer', () => {
    expect(() => declare(sequential(relu(), dense(2)), [3])).toThrow(/^dense1: dense takes/);
  });
});
