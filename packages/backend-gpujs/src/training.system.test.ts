// Training in the modes that Node has: the reference's losses, also where a run moves between backends, memory that does not grow, and a
// device that is lost.
import { noWebGpu, provideWebGpu } from '@nn-tooling/test-env';
import { movedCurve, trainingSteps } from '@nn-tooling/training-scenarios';
import type { OpenBackend } from '@nn-tooling/training-scenarios';
import { expectConstant, expectCurve, expectLoss } from '@nn-tooling/training-scenarios/expectations';
import { cpuBackend } from '@nn/backend-cpu';
import { tfjsBackend } from '@nn/backend-tfjs';
import type { Backend } from '@nn/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openMode } from './testing/open.ts';
import { scenarios } from './testing/scenarios.ts';

const timeout = 300_000;
/** gpu.js keeps up to three buffers to read each result with, and makes them when reads overlap. */
const pooled = 9;
let webgpu = false;
beforeAll(async () => {
  webgpu = await provideWebGpu();
}, timeout);

describe.each(['cpu', 'webasm', 'webgpu'] as const)('in mode %s', (mode) => {
  const test = (name: string, run: () => Promise<void>): void => {
    it(name, { timeout }, async ({ skip }) => {
      expect.hasAssertions();
      return mode === 'webgpu' && !webgpu ? skip(noWebGpu) : run();
    });
  };

  test('training follows the curve of the reference', async () => expectCurve(await scenarios.curve(mode, trainingSteps)));

  test('training goes on where the CPU backend stopped, then on TensorFlow.js', async () => {
    const only = (backend: Backend) => ({ backend, held: () => 0, takeAway: () => {} });
    const opened: OpenBackend[] = [
      async () => only(await cpuBackend({ threads: 1 })),
      () => openMode(mode),
      async () => only(await tfjsBackend({ device: 'cpu' })),
    ];
    expectCurve(await movedCurve(opened, 30));
  });
});

it('1,000 steps leave as many buffers on a GPU as 11', { timeout }, async ({ skip }) => {
  if (!webgpu) return skip(noWebGpu);
  expectConstant(await scenarios.held('webgpu', 1000), pooled);
});

it('a GPU that is lost says so, and training goes on with a new one', { timeout }, async ({ skip }) => {
  if (!webgpu) return skip(noWebGpu);
  expectLoss(await scenarios.loss('webgpu'));
});
