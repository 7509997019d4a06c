// Training in the modes of a GPU in a real browser, from a bundle that is minified: the texts of kernels are none of a bundler's business.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noBrowser, openBrowser, serveFolder } from '@nn-tooling/test-env';
import type { Browser } from '@nn-tooling/test-env';
import { trainingSteps } from '@nn-tooling/training-scenarios';
import { expectConstant, expectCurve, expectLoss } from '@nn-tooling/training-scenarios/expectations';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scenarios } from './testing/scenarios.ts';

const timeout = 300_000;
/** gpu.js keeps up to three buffers to read each result with, and makes them when reads overlap. */
const pooled = 9;
const folder = await mkdtemp(join(tmpdir(), 'nn-gpujs-'));
let browser: Browser | undefined;
beforeAll(async () => {
  browser = await openBrowser();
  await build({
    root: join(import.meta.dirname, 'testing/page'),
    configFile: false,
    logLevel: 'error',
    base: './',
    resolve: { conditions: ['@nn/source', 'module', 'browser', 'development|production'] },
    build: { outDir: folder, emptyOutDir: true, target: 'es2022', minify: true, chunkSizeWarningLimit: 4000 },
  });
}, timeout);
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

/** Runs one of them in a page of its own. */
async function inPage<Name extends keyof Scenarios>(
  name: Name,
  ...args: Parameters<Scenarios[Name]>
): Promise<Awaited<ReturnType<Scenarios[Name]>>> {
  await using server = await serveFolder(folder);
  const page = await browser!.newPage();
  await page.goto(server.url);
  await page.waitForFunction(() => globalThis.scenarios !== undefined);
  const call = async ([scenario, given]: [string, unknown[]]): Promise<unknown> => {
    const run = globalThis.scenarios![scenario as keyof Scenarios] as (...list: unknown[]) => Promise<unknown>;
    return run(...given);
  };
  const result = await page.evaluate(call, [name, args] as [string, unknown[]]);
  await page.close();
  return result as Awaited<ReturnType<Scenarios[Name]>>;
}

describe.each(['webgpu', 'webgl2'] as const)('in mode %s in Chromium', (mode) => {
  const test = (name: string, run: () => Promise<void>): void => {
    it(name, { timeout }, async ({ skip }) => {
      expect.hasAssertions();
      return browser === undefined ? skip(noBrowser) : run();
    });
  };

  test('training follows the curve of the reference', async () => expectCurve(await inPage('curve', mode, trainingSteps)));
  test('training goes on where another backend stopped, and back', async () => expectCurve(await inPage('moved', mode, 30)));
  test('training holds as much after 200 steps as after 11', async () => expectConstant(await inPage('held', mode, 200), pooled));
  test('kernels that end leave the others at work, and no results behind', async () => {
    const { results, held } = await inPage('lifetimes', mode, 12);
    expect(results).toEqual(Array.from({ length: 12 }, (_, turn) => [2, 2, 2].map((base) => base ** (turn + 1))));
    expectConstant(held.slice(2));
  });
  test('a device that is lost says so, and training goes on with a new one', async () => expectLoss(await inPage('loss', mode)));
});

describe.each(['webasm', 'cpu'] as const)('in mode %s in Chromium', (mode) => {
  it('a page has its turn while programs run on its own thread', { timeout }, async ({ skip }) => {
    if (browser === undefined) return skip(noBrowser);
    expect(await inPage('turns', mode)).toBeGreaterThan(3);
  });
});
