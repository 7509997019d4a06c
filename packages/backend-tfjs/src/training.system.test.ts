// Training on the devices that Node has: the reference's losses, also where a run moves between backends, memory that does not grow, and a
// device that is lost.
import { noWebGpu, provideWebGpu } from '@nn-tooling/test-env';
import { trainingSteps } from '@nn-tooling/training-scenarios';
import { expectConstant, expectCurve, expectLoss } from '@nn-tooling/training-scenarios/expectations';
import { beforeAll, describe, expect, it } from 'vitest';
import { curveOn, heldDuring, loseDevice, movedCurve } from './testing/scenarios.ts';

const timeout = 300_000;
let webgpu = false;
beforeAll(async () => {
  webgpu = await provideWebGpu();
}, timeout);

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
