// What becomes of a case: passed, failed with a reason, or waiting with a reason.
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import type { GoldenCase, GoldenTensor } from './format.ts';
import { runCase } from './run.ts';

const vector = (...data: readonly number[]): GoldenTensor => ({ shape: [data.length], data });
const tolerance = { rtol: 1e-6, atol: 1e-6 };
const relu: GoldenCase = {
  id: 'test/relu',
  op: 'relu',
  config: {},
  inputs: { x: vector(-1, 2, 3) },
  upstream: { y: vector(1, 1, -2) },
  outputs: { y: vector(0, 2, 3) },
  grads: { x: vector(0, 1, -2) },
  tol: { outputs: { y: tolerance }, grads: { '*': tolerance } },
};

const run = (changes: Partial<GoldenCase>) => runCase({ ...relu, ...changes }, referenceBackend(), { factor: 1 });

describe('runCase', () => {
  it('passes a case whose outputs and gradients are right', async () => {
    expect(await run({})).toMatchObject({ id: 'test/relu', op: 'relu', backend: 'reference', status: 'pass' });
  });

  it.each<[string, Partial<GoldenCase>, string]>([
    ['a wrong output', { outputs: { y: vector(0, 2, 4) } }, 'outputs/y: element 2 is 3, but 4 is expected'],
    ['a wrong gradient', { grads: { x: vector(0, 1, 2) } }, 'grads/x: element 2 is -2, but 2 is expected'],
    [
      'a result that is not computed',
      { outputs: { z: vector(1) }, grads: {}, upstream: {} },
      'outputs/z is expected, but was not computed',
    ],
    ['a missing tolerance', { tol: { grads: { x: tolerance } } }, 'outputs/y has no tolerance'],
    ['an upstream without its output', { upstream: { z: vector(1) } }, 'upstream names "z"'],
    ['a missing input', { inputs: {} }, 'has no array "x"'],
    ['an op that refuses', { op: 'softmax', config: { axis: 5 } }, 'axis 5'],
  ])('fails for %s', async (_, changes, reason) => {
    const result = await run(changes);
    expect(result.status).toBe('fail');
    expect(result.reason).toContain(reason);
  });

  it('waits for an op and for a setting that do not exist yet', async () => {
    expect(await run({ op: 'spikingNeuron' })).toMatchObject({ status: 'waiting', reason: 'the op spikingNeuron' });
    expect(await run({ op: 'gelu', config: { approximate: 'cubic' } })).toMatchObject({ status: 'waiting', reason: 'approximate "cubic"' });
  });

  it('knows the two dropouts, of a mask that is given', async () => {
    const inputs = { x: vector(1, 2, -3), mask: vector(1, 0, 1) };
    const [a, b] = [0.8864048946659319, 0.7791939305180317];
    const alpha: Partial<GoldenCase> = {
      op: 'alphaDropout',
      config: { p: 0.5 },
      inputs,
      outputs: { y: vector(a + b, -b, b - 3 * a) },
      grads: { x: vector(a, 0, -2 * a) },
    };
    expect(await run(alpha)).toMatchObject({ status: 'pass' });
    const plain: Partial<GoldenCase> = { ...alpha, op: 'dropout', outputs: { y: vector(2, 0, -6) }, grads: { x: vector(2, 0, -4) } };
    expect(await run(plain)).toMatchObject({ status: 'pass' });
  });

  it('takes an alternative', async () => {
    const changes = { outputs: { y: vector(5, 2, 3) }, alternatives: { y: vector(0, 0, 0) } };
    expect(await run(changes)).toMatchObject({ status: 'pass' });
  });

  it('lets the state of a sequence go on from step to step', async () => {
    const single = (value: number): GoldenTensor => ({ shape: [2, 1], data: [value, value + 2] });
    const sequence: Partial<GoldenCase> = {
      op: 'batchNormSequence',
      config: { eps: 0, momentum: 0.5, affine: false, trackRunningStats: true, training: true },
      inputs: {},
      upstream: {},
      outputs: {},
      grads: {},
      stateBefore: { runningMean: vector(0), runningVar: vector(1) },
      steps: [
        {
          inputs: { x: single(0) },
          outputs: { y: { shape: [2, 1], data: [-1, 1] } },
          stateAfter: { runningMean: vector(0.5), runningVar: vector(1.5) },
        },
        {
          inputs: { x: single(4) },
          outputs: { y: { shape: [2, 1], data: [-1, 1] } },
          stateAfter: { runningMean: vector(2.75), runningVar: vector(1.75), runningVarBiased: vector(1) },
        },
      ],
      stateAfter: { runningMean: vector(2.75) },
      tol: { outputs: { '*': tolerance }, stateAfter: { '*': tolerance } },
    };
    expect(await run(sequence)).toMatchObject({ status: 'pass' });
    expect(await run({ ...sequence, stateAfter: { runningMean: vector(2.5) } })).toMatchObject({ status: 'fail' });
  });

  it('says what it did not compare', async () => {
    const result = await run({
      op: 'batchNorm',
      config: { eps: 1e-5, momentum: 0.1, affine: false, trackRunningStats: true, training: true },
      inputs: { x: { shape: [2, 1], data: [0, 2] } },
      upstream: {},
      outputs: {},
      grads: {},
      stateBefore: { runningMean: vector(0), runningVar: vector(1) },
      stateAfter: { runningMean: vector(0.1), numBatchesTracked: { shape: [], data: [1] } },
      tol: { stateAfter: { '*': tolerance } },
    });
    expect(result).toMatchObject({ status: 'pass', notCompared: [expect.stringContaining('numBatchesTracked')] });
  });
});
