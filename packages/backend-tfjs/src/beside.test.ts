// An application that uses TensorFlow.js itself, beside backends made here: neither notices the other.
import { newTrainer, train } from '@nn-tooling/training-scenarios';
import { mul, run, sum } from '@nn/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { importApp } from './testing/tfjs.ts';
import type { App } from './testing/tfjs.ts';
import { openDevice, tfjsBackend } from './tfjsBackend.ts';

let tf: App;
beforeAll(async () => {
  tf = await importApp();
});

/** What the application computes, on whatever backend it has set. */
function product(): number[] {
  return tf.tidy(() => [...tf.add(tf.matMul(tf.tensor([[1, 2]]), tf.tensor([[3], [4]])), 1).dataSync()]);
}

const six = async (device: 'cpu' | 'wasm') => {
  const backend = await tfjsBackend({ device });
  return { backend, check: async () => expect((await run(backend, (x) => sum(mul(x, 2)), [1, 1, 1])).item()).toBe(6) };
};

describe.each([
  ['cpu', 'cpu'],
  ['cpu', 'wasm'],
  ['wasm', 'cpu'],
  ['wasm', 'wasm'],
] as const)('an application on %s beside a backend on %s', (theirs, ours) => {
  it('computes in turns, and counts its own memory', async () => {
    const { backend, check } = await six(ours);
    await check();
    await tf.setBackend(theirs);
    const kept = tf.tensor([1, 2, 3]);
    const memory = tf.memory();
    for (let turn = 0; turn < 3; turn++) {
      expect(product()).toEqual([12]);
      await check();
    }
    await train(await newTrainer(backend), 3);
    expect(tf.memory()).toEqual(memory);
    expect(tf.getBackend()).toBe(theirs);
    expect([...kept.dataSync()]).toEqual([1, 2, 3]);
    kept.dispose();
    await backend.dispose();
    expect(product()).toEqual([12]);
  });

  it('may open a scope around ours', async () => {
    const { backend, check } = await six(ours);
    await tf.setBackend(theirs);
    const { numTensors } = tf.memory();
    const pending = tf.tidy(() => {
      tf.tensor([1]);
      return check();
    });
    await pending;
    expect(tf.memory().numTensors).toBe(numTensors);
    await check();
    await backend.dispose();
  });

  it('may change its own backend meanwhile', async () => {
    const { backend, check } = await six(ours);
    for (const name of ['cpu', 'wasm', theirs]) {
      const changing = tf.setBackend(name);
      await check();
      await changing;
      expect(product()).toEqual([12]);
      await check();
    }
    await backend.dispose();
  });
});

it('several backends live side by side', async () => {
  const all = await Promise.all((['cpu', 'wasm', 'cpu', 'wasm'] as const).map(six));
  for (const { check } of [...all, ...all.toReversed()]) await check();
  await all[1]!.backend.dispose();
  await all[3]!.check();
  for (const { backend } of all) await backend.dispose();
});

it('an application that lets TensorFlow.js make a backend gets the one that is there', async () => {
  const { backend, runtime } = await openDevice({ device: 'wasm' });
  expect(await runtime.core.findBackendFactory('wasm')!()).toBe(runtime.backend);
  await backend.dispose();
});

it('a backend that the application removes is lost, and a new one is not', async () => {
  const wasm = await six('wasm');
  const trainer = await newTrainer(wasm.backend);
  await train(trainer, 2);
  const checkpoint = await trainer.toCheckpoint();
  const { runtime } = await openDevice({ device: 'wasm' });
  const { registry } = runtime.core.engine();
  delete registry['wasm'];
  await expect(wasm.check()).rejects.toMatchObject({ code: 'backend.lost' });
  await expect(train(trainer, 1)).rejects.toMatchObject({ code: 'backend.lost' });
  const next = await newTrainer((await six('wasm')).backend);
  await next.loadCheckpoint(checkpoint);
  await train(next, 1);
});
