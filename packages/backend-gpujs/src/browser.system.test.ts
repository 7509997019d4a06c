// Training in the modes of a GPU in a real browser, from a bundle that is minified: the texts of kernels are none of a bundler's business.
import { join } from 'node:path';
import { noBrowser, openTestPage } from '@nn-tooling/test-env';
import type { TestPage } from '@nn-tooling/test-env';
import { trainingSteps } from '@nn-tooling/training-scenarios';
import { expectConstant, expectCurve, expectLoss } from '@nn-tooling/training-scenarios/expectations';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resized } from './testing/resizing.ts';
import type { Scenarios } from './testing/scenarios.ts';

const timeout = 300_000;
/** gpu.js keeps up to three buffers to read each result with, and makes them when reads overlap. */
const pooled = 9;
let page: TestPage<Scenarios> | undefined;
beforeAll(async () => {
  page = await openTestPage<Scenarios>(join(import.meta.dirname, 'testing/page'), { minify: true });
}, timeout);
afterAll(() => page?.[Symbol.asyncDispose]());

describe.each(['webgpu', 'webgl2'] as const)('in mode %s in Chromium', (mode) => {
  const test = (name: string, run: (inPage: TestPage<Scenarios>) => Promise<void>): void => {
    it(name, { timeout }, async ({ skip }) => {
      expect.hasAssertions();
      return page === undefined ? skip(noBrowser) : run(page);
    });
  };

  test('training follows the curve of the reference', async (inPage) => expectCurve(await inPage.run('curve', mode, trainingSteps)));
  test('training goes on where another backend stopped, and back', async (inPage) => expectCurve(await inPage.run('moved', mode, 30)));
  test('training holds as much after 200 steps as after 11', async (inPage) => expectConstant(await inPage.run('held', mode, 200), pooled));
  test('kernels that end leave the others at work, and no results behind', async (inPage) => {
    const { results, held, left } = await inPage.run('lifetimes', mode, 12);
    expect(results).toEqual(Array.from({ length: 12 }, (_, turn) => [2, 2, 2].map((base) => base ** (turn + 1))));
    expectConstant(held.slice(2));
    expect(left).toBe(0);
  });
  test('a kernel that reads its own last results works on arrays of any length, in turns', async (inPage) => {
    expect(await inPage.run('resizing', mode, 4)).toEqual(resized(4));
  });
  test('a shader that is refused is an error of every run with it, in the words of the compiler, and of no other run', async (inPage) => {
    const { errors, results, held } = await inPage.run('refusal', mode, 3);
    expect(errors).toHaveLength(12);
    for (const error of errors) expect(error).toMatch(/^backend\.failed: .*unknownFunction/s);
    expect(results).toEqual([[16], [16], [16]]);
    expect(new Set(held).size).toBe(1);
  });
  test('a device that is lost says so, and training goes on with a new one', async (inPage) => expectLoss(await inPage.run('loss', mode)));
});

describe.each(['webasm', 'cpu'] as const)('in mode %s in Chromium', (mode) => {
  it('a page has its turn while programs run on its own thread', { timeout }, async ({ skip }) => {
    if (page === undefined) return skip(noBrowser);
    expect(await page.run('turns', mode)).toBeGreaterThan(3);
  });
});
