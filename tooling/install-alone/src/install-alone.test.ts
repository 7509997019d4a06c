// Packages as their users get them: packed, served by a registry, installed into empty projects and run.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { problemAffectsResolutionKind } from '@arethetypeswrong/core/problems';
import { publint } from 'publint';
import { afterAll, describe, expect, test } from 'vitest';
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

const programs = [
  { name: 'infers', packages: ['@nn/layers', '@nn/backend-cpu'], file: 'infer.js', prints: 'answers: [ [ 2 ], [ 0 ] ]\n' },
  { name: 'trains', packages: ['@nn/train', '@nn/backend-cpu'], file: 'train.js', prints: 'ok\n' },
];

describe.each(programs)('$packages alone $name', async ({ name, packages, file, prints }) => {
  const source = await readFile(join(import.meta.dirname, '../programs', file), 'utf8');
  const directory = join(scratch, name);
  await createProject(directory, registry.url, packages, source);

  test.each(Object.entries(ways))('%s', async (_, way) => {
    expect(await way(directory)).toBe(prints);
  });
});

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
