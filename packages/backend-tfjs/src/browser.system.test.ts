// The devices in a real browser: those of a GPU, and WebAssembly, which comes as files there.
import { noBrowser } from '@nn-tooling/test-env';
import { trainingSteps } from '@nn-tooling/training-scenarios';
import { expectConstant, expectCurve, expectLoss } from '@nn-tooling/training-scenarios/expectations';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScenarioPages } from './testing/scenarioPage.ts';
import { openScenarioPages } from './testing/scenarioPage.ts';

const timeout = 300_000;
let pages: ScenarioPages | undefined;
beforeAll(async () => {
  pages = await openScenarioPages();
}, timeout);
afterAll(() => pages?.[Symbol.asyncDispose]());

const inPage: ScenarioPages['run'] = (...given) => pages!.run(...given);

describe.each(['wasm', 'webgl', 'webgpu'] as const)('on %s in Chromium', (device) => {
  const test = (name: string, run: () => Promise<void>): void => {
    it(name, { timeout }, async ({ skip }) => {
      expect.hasAssertions();
      return pages === undefined ? skip(noBrowser) : run();
    });
  };

  test('training follows the curve of the reference', async () => expectCurve(await inPage('curveOn', device, trainingSteps)));
  test('training goes on where another backend stopped, and back', async () => expectCurve(await inPage('movedCurve', device, 30)));
  test('training holds as much memory after 100 steps as after 11', async () => expectConstant(await inPage('heldDuring', device, 100)));
  if (device === 'wasm') return;
  test('a device that is lost says so, and training goes on with a new one', async () => expectLoss(await inPage('loseDevice', device)));
});

it('the fused relu of webgl makes NaN of minus infinity, which is why activations are maps', { timeout }, async ({ skip }) => {
  if (pages === undefined) return skip(noBrowser);
  expect(await inPage('fusedActivation', 'webgl', 'relu', [-Infinity, -2, 3])).toEqual([Number.NaN, -0, 3]);
});
