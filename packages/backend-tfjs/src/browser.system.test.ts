// The devices in a real browser: those of a GPU, and WebAssembly, which comes as files there.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from '@nn-tooling/test-env';
import { noBrowser, openBrowser, serveFolder } from '@nn-tooling/test-env';
import { trainingSteps } from '@nn-tooling/training-scenarios';
import { expectConstant, expectCurve, expectLoss } from '@nn-tooling/training-scenarios/expectations';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPage } from './testing/buildPage.ts';
import type * as scenarios from './testing/scenarios.ts';

const timeout = 300_000;
const folder = await mkdtemp(join(tmpdir(), 'nn-tfjs-'));
let browser: Browser | undefined;
beforeAll(async () => {
  browser = await openBrowser();
  await buildPage(folder);
}, timeout);
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

type Scenarios = typeof scenarios;

/** Runs one of them in a page of its own. */
async function inPage<Name extends keyof Scenarios>(
  name: Name,
  ...args: Parameters<Scenarios[Name]>
): Promise<Awaited<ReturnType<Scenarios[Name]>>> {
  await using server = await serveFolder(folder);
  const page = await browser!.newPage();
  await page.goto(server.url);
  await page.waitForFunction(() => globalThis.tfjsScenarios !== undefined);
  const call = async ([scenario, given]: [string, unknown[]]): Promise<unknown> => {
    const run = globalThis.tfjsScenarios![scenario as keyof Scenarios] as (...list: unknown[]) => Promise<unknown>;
    return run(...given);
  };
  const result = await page.evaluate(call, [name, args] as [string, unknown[]]);
  await page.close();
  return result as Awaited<ReturnType<Scenarios[Name]>>;
}

describe.each(['wasm', 'webgl', 'webgpu'] as const)('on %s in Chromium', (device) => {
  const test = (name: string, run: () => Promise<void>): void => {
    it(name, { timeout }, async ({ skip }) => {
      expect.hasAssertions();
      return browser === undefined ? skip(noBrowser) : run();
    });
  };

  test('training follows the curve of the reference', async () => expectCurve(await inPage('curveOn', device, trainingSteps)));
  test('training goes on where another backend stopped, and back', async () => expectCurve(await inPage('movedCurve', device, 30)));
  test('training holds as much memory after 100 steps as after 11', async () => expectConstant(await inPage('heldDuring', device, 100)));
  if (device === 'wasm') return;
  test('a device that is lost says so, and training goes on with a new one', async () => expectLoss(await inPage('loseDevice', device)));
});
