// Lint: each finding, and what is right and must not be found.
import type { AnyLayer } from '@nn/core';
import { constant, zeros } from '@nn/initializers';
import { expect, it } from 'vitest';
import { batchNorm } from '../normalization/batchNorm.ts';
import { conv2d } from '../images/conv2d.ts';
import { dense } from '../dense/dense.ts';
import { dropConnect } from '../dropout/dropConnect.ts';
import { dropout } from '../dropout/dropout.ts';
import { groupNorm } from '../normalization/groupNorm.ts';
import { instanceNorm } from '../normalization/instanceNorm.ts';
import { layerNorm } from '../normalization/layerNorm.ts';
import { lintModel } from './lintModel.ts';
import { relu } from '../activations/relu.ts';
import { residual } from '../containers/residual.ts';
import { sequential } from '../containers/sequential.ts';
import { weightNorm } from '../normalization/weightNorm.ts';

const codes = (model: AnyLayer, input: readonly number[] = [3], batchSize?: number): string[] =>
  lintModel(model, { input, ...(batchSize === undefined ? {} : { batchSize }) }).map(({ code, path }) => `${code} ${path}`);

it('finds a bias that a normalization takes away', () => {
  expect(codes(sequential(dense(4), batchNorm(), relu(), dense(2)))).toEqual(['bias-before-normalization dense1']);
  expect(codes(residual(sequential(dense(3), batchNorm())))).toEqual(['bias-before-normalization body/dense1']);
  expect(codes(sequential(conv2d(2), batchNorm()), [4, 4, 1])).toEqual(['bias-before-normalization conv2d1']);
  expect(lintModel(sequential(dense(4), batchNorm()), { input: [3] })[0]!.message).toMatch(/"batchNorm1" subtracts it again.*bias: false/);
  expect(codes(sequential(dense(4, { bias: false }), batchNorm()))).toEqual([]);
  expect(codes(sequential(dense(4), relu(), batchNorm()))).toEqual([]);
  expect(codes(sequential(dense(4), layerNorm(), dense(4), groupNorm({ groups: 2 })))).toEqual([]);
  expect(codes(sequential(dense(4), batchNorm({ channelAxis: 1 })), [2, 3])).toEqual([]);
});

it('finds dropout right before a batch normalization', () => {
  expect(codes(sequential(dropout(), batchNorm()))).toEqual(['dropout-before-batch-normalization dropout1']);
  expect(codes(sequential(batchNorm(), dropout(), dense(2)))).toEqual([]);
});

it('asks for the input, and refuses what it does not know', () => {
  expect(() => lintModel(dense(2), undefined as never)).toThrow(/lintModel takes its options as an object/);
  expect(() => lintModel(dense(2), { batchSize: 4 } as never)).toThrow(/The input is undefined/);
  expect(() => lintModel(dense(2), { input: [3], batch: 4 } as never)).toThrow(/has no option "batch"/);
});

it('finds batches that are too small', () => {
  expect(codes(sequential(batchNorm()), [3], 4)).toEqual(['small-batch batchNorm1']);
  expect(codes(sequential(batchNorm()), [3], 8)).toEqual([]);
  expect(codes(sequential(layerNorm()), [3], 1)).toEqual([]);
  expect(codes(sequential(instanceNorm()), [4, 4, 1], 1)).toEqual([]);
});

it('finds transforms of kernels among the layers', () => {
  expect(codes(sequential(dense(3), weightNorm(), relu(), dropConnect()))).toEqual([
    'kernel-transform-as-layer weightNorm1',
    'kernel-transform-as-layer dropConnect1',
  ]);
  expect(codes(sequential(dense(3, { kernelTransform: sequential(weightNorm(), dropConnect()) })))).toEqual([]);
});

it('finds kernels that start with one number', () => {
  expect(codes(dense(3, { kernelInitializer: zeros() }))).toEqual(['constant-kernel ']);
  expect(codes(sequential(dense(3, { kernelInitializer: constant(0.1) })))).toEqual(['constant-kernel dense1']);
  expect(codes(dense(3, { biasInitializer: constant(0.1) }))).toEqual([]);
});
