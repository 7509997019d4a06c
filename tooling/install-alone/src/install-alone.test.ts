// Packages as their users get them: packed, served by a registry, installed into empty projects and run.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { problemAffectsResolutionKind } from '@arethetypeswrong/core/problems';
import { publint } from 'publint';
import { afterAll, describe, expect, test } from 'vitest';
import { readPrograms } from './programs.ts';
import { createProject, ways } from './project.ts';
import { packAll, serve } from './registry.ts';

const root = join(import.meta.dirname, '../../..');
const scratch = await mkdtemp(join(tmpdir(), 'nn-install-alone-'));
const packed = join(scratch, 'packed');
await mkdir(packed);
const tarballs = await packAll(root, packed);
const registry = await serve(tarballs);
afterAll(async () => {
  registry.close();
  await rm(scratch, { recursive: true });
});

describe.each(await readPrograms(root))('$packages alone $name', async ({ name, packages, source, prints }) => {
  const directory = join(scratch, name.replaceAll(' ', '-'));
  await createProject(directory, registry.url, packages, source);

  test.each(Object.entries(ways))('%s', { timeout: 30_000 }, async (_, way) => {
    expect(rounded(await way(directory))).toBe(rounded(prints));
  });
});

/** The same text with two digits of every fraction: what engines and builds must agree on here. */
const rounded = (text: string) => text.replaceAll(/\d+\.\d+/g, (digits) => Number(digits).toPrecision(2));

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
