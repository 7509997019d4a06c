// Training on the devices that Node has: the reference's losses, also where a run moves between backends, memory that does not grow, and a
// device that is lost.
import { noWebGpu, provideWebGpu } from '@nn-tooling/test-env';
import { referenceBackend } from '@nn/backend-reference';
import { beforeAll, describe, expect, it } from 'vitest';
import { curve, expectConstant, expectCurve, expectLoss } from './testing/expectations.ts';
import { curveOn, heldDuring, loseDevice, movedCurve } from './testing/scenarios.ts';
import { newTrainer, train, trainingSteps } from './testing/training.ts';

const timeout = 300_000;
let webgpu = false;
beforeAll(async () => {
  webgpu = await provideWebGpu();
}, timeout);

it('the stored losses are those of the reference', async () => {
  const trainer = await newTrainer(referenceBackend());
  expect((await train(trainer, 3)).slice(0, 3)).toEqual(curve.slice(0, 3));
});

// In software a GPU takes 50 milliseconds for a step.
describe.each([
  ['cpu', 1000],
  ['wasm', 1000],
  ['webgpu', 100],
] as const)('on %s', (device, longRun) => {
  const test = (name: string, run: () => Promise<void>): void => {
    it(name, { timeout }, async ({ skip }) => {
      expect.hasAssertions();
      return device === 'webgpu' && !webgpu ? skip(noWebGpu) : run();
    });
  };

  test('training follows the curve of the reference', async () => expectCurve(await curveOn(device, trainingSteps)));
  test('training goes on where another backend stopped, and back', async () => expectCurve(await movedCurve(device, 30)));
  test(`training holds as much memory after ${longRun} steps as after 11`, async () => expectConstant(await heldDuring(device, longRun)));
});

it('a GPU that is lost says so, and training goes on with a new one', { timeout }, async ({ skip }) => {
  if (!webgpu) return skip(noWebGpu);
  expectLoss(await loseDevice('webgpu'));
});
