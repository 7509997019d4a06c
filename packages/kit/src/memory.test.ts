// What is said about the memory of training, against what a backend takes for the program of a step.
import { cpuBackend } from '@nn/backend-cpu';
import { referenceBackend } from '@nn/backend-reference';
import { describe, expect, it } from 'vitest';
import type { Backend } from './index.ts';
import { adam, batchNorm, dense, memory, relu, sequential, softmaxCrossEntropy, trainingProgram } from './index.ts';

const model = sequential(dense(256, { bias: false }), batchNorm(), relu(), dense(128, { bias: false }), batchNorm(), relu(), dense(10));

/** Bytes of working memory of a step on batches of that size. */
async function workingMemory(backend: Backend, batch: number): Promise<number> {
  const recipe = { model, loss: softmaxCrossEntropy(), optimizer: adam() };
  const program = trainingProgram({
    ...recipe,
    input: { shape: [batch, 784], dtype: 'f32' },
    target: { shape: [batch], dtype: 'i32' },
  });
  const executable = await backend.compile(program);
  const { scratch } = executable.memory;
  await executable.dispose();
  return scratch;
}

describe.each([
  ['cpu', cpuBackend, 4],
  ['reference', async () => referenceBackend(), 8],
] as const)('on %s', (_name, start, bytesPerNumber) => {
  it('working memory grows with the batch as the values that are retained, and those of one layer more', async () => {
    const backend = await start();
    const keeps: Backend['keeps'] = (instr, slots) => backend.keeps(instr, slots);
    const [small, large] = [128, 512];
    const growth = (await workingMemory(backend, large)) - (await workingMemory(backend, small));
    const retained = (batch: number): number => (memory(model, [784], batch, { keeps }).retained / 4) * bytesPerNumber;
    const predicted = retained(large) - retained(small);
    expect(growth).toBeGreaterThan(predicted);
    // Beside them the widest gradients are alive, and what the loss needs.
    expect(growth - predicted).toBeLessThan(3 * (large - small) * 256 * bytesPerNumber);
    await backend.dispose();
  });
});
