// A batch normalization from training to a server, in float32 and on threads: recalibrated, without its bias, folded.
import { cpuBackend } from '@nn/backend-cpu';
import { expect, test } from 'vitest';
import type { NdArray } from './index.ts';
import {
  batchNorm,
  conv2d,
  createNetwork,
  createTrainer,
  dense,
  dropConnect,
  dropRedundantBiases,
  flatten,
  foldNormalization,
  ndarray,
  recalibrate,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
  weightNorm,
} from './index.ts';

/** Off zero, so that a bias takes part. A mean that is large against the deviation would cost digits: a folded bias subtracts it late. */
const x = ndarray(
  Array.from({ length: 96 }, (_, row) =>
    Array.from({ length: 6 }, (_unused, i) => Array.from({ length: 6 }, (_value, j) => [1 + Math.sin(row * 36 + i * 6 + j)])),
  ),
);
const y = ndarray(
  Array.from({ length: 96 }, (_, row) => row % 3),
  { dtype: 'i32' },
);

const largestDifference = (a: NdArray, b: NdArray): number =>
  Math.max(...Array.from(a.data, (value, index) => Math.abs(value - b.data[index]!)));

test('a trained network predicts the same after each step', async () => {
  const backend = await cpuBackend();
  const model = sequential(
    conv2d(4),
    batchNorm(),
    relu(),
    flatten(),
    dense(8, { kernelTransform: sequential(weightNorm(), dropConnect({ rate: 0.1 })) }),
    batchNorm(),
    relu(),
    dense(3),
  );
  const trainer = await createTrainer({ model, loss: softmaxCrossEntropy(), optimizer: sgd({ learningRate: 0.05 }), backend, seed: 3 });
  await trainer.fit({ x, y }, { epochs: 2, batchSize: 32 });
  await recalibrate(trainer.network, x, { batchSize: 32 });
  const expected = await trainer.network.predict(x);
  const parts = { input: trainer.network.input, backend };
  const unbiased = await createNetwork({ ...(await dropRedundantBiases(trainer.network)), ...parts });
  expect(largestDifference(await unbiased.predict(x), expected)).toBeLessThan(1e-5);
  for (const network of [trainer.network, unbiased]) {
    const folded = await createNetwork({ ...(await foldNormalization(network)), ...parts });
    expect(folded.summary().rows.some(({ kind }) => kind === 'batchNorm' || kind === 'weightNorm')).toBe(false);
    expect(largestDifference(await folded.predict(x), expected)).toBeLessThan(1e-5);
  }
  await backend.dispose();
});
