// Packages as their users get them: packed, served by a registry, installed into empty projects and run.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { problemAffectsResolutionKind } from '@arethetypeswrong/core/problems';
import { sameOutput } from '@nn-tooling/scripts/sameOutput';
import { noBrowser, openBrowser } from '@nn-tooling/test-env';
import { publint } from 'publint';
import { afterAll, describe, expect, test } from 'vitest';
import { pageHeaders, runInPage } from './page.ts';
import { readPrograms } from './programs.ts';
import { downloadBudgets, downloadSizes } from './downloadSizes.ts';
import { bundlers, createProject, unbundled, ways } from './project.ts';
import { packAll, serve } from './registry.ts';
import { run } from './run.ts';

const root = join(import.meta.dirname, '../../..');
const scratch = await mkdtemp(join(tmpdir(), 'nn-install-alone-'));
const packed = join(scratch, 'packed');
await mkdir(packed);
const tarballs = await packAll(root, packed);
const registry = await serve(tarballs);
const browser = await openBrowser();
afterAll(async () => {
  registry.close();
  await browser?.close();
  await rm(scratch, { recursive: true });
});

describe.each(await readPrograms(root))('$packages alone $name', async ({ name, packages, source, prints }) => {
  const directory = join(scratch, name.replaceAll(' ', '-'));
  await createProject(directory, registry.url, packages, source);

  test.each(Object.entries(ways))('%s', { timeout: 30_000 }, async (_, way) => {
    expectSame(await way(directory), prints);
  });

  test.for(Object.entries(bundlers))('bundled by %s', { timeout: 60_000 }, async ([, bundle], { skip }) => {
    const path = await bundle(directory);
    expectSame(await run(directory, 'node', [path]), prints);
    if (browser === undefined) return skip(noBrowser);
    for (const headers of pageHeaders) expectSame(await runInPage(browser, path, headers), prints);
  });

  describe.runIf(packages.includes('@nn/kit'))('from the kit', () => {
    test('unbundled, with one file', { timeout: 60_000 }, async ({ skip }) => {
      const path = await unbundled(directory);
      expectSame(await run(directory, 'node', [path]), prints);
      if (browser === undefined) return skip(noBrowser);
      for (const headers of pageHeaders) expectSame(await runInPage(browser, path, headers), prints);
    });

    test.for(Object.entries(downloadBudgets))('%s is a download of at most %i bytes', { timeout: 60_000 }, async ([part, budget]) => {
      expect((await downloadSizes(directory))[part]).toBeLessThanOrEqual(budget);
    });
  });
});

/** Engines and processors round differently, which a training carries on. */
function expectSame(printed: string, expected: string): void {
  if (!sameOutput(printed, expected)) expect(printed).toBe(expected);
}

describe.each(tarballs)('$name', ({ bytes }) => {
  test('publint finds nothing', async () => {
    const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const { messages } = await publint({ pack: { tarball: data }, strict: true });
    expect(messages).toEqual([]);
  });

  test('its types resolve in every way that can import it', async () => {
    const analysis = await checkPackage(createPackageFromTarballData(bytes));
    expect(analysis.types).not.toBe(false);
    if (analysis.types === false) return;
    const problems = analysis.problems.filter((problem) =>
      (['node16-esm', 'bundler'] as const).some((kind) => problemAffectsResolutionKind(problem, kind, analysis)),
    );
    expect(problems).toEqual([]);
  });
});
