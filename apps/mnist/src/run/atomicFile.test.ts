// Files are whole: the old one or the new one.
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFileAtomically } from './atomicFile.ts';
import { FileError } from '../commandLine/errors.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nn-mnist-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('replaces what was there', async () => {
  const file = join(folder, 'a.json');
  await writeFileAtomically(file, 'first');
  await writeFileAtomically(file, Uint8Array.of(50, 51));
  expect(await readFile(file, 'utf8')).toBe('23');
  expect(await readdir(folder)).toEqual(['a.json']);
});

it('leaves everything as it was when it fails', async () => {
  const target = join(folder, 'target');
  await mkdir(target);
  await writeFile(join(target, 'old'), 'old');
  await expect(writeFileAtomically(target, 'new')).rejects.toThrow(FileError);
  await expect(writeFileAtomically(target, 'new')).rejects.toThrow(/^Cannot write .*target: .* \(E[A-Z]+\)\.$/);
  expect(await readdir(folder)).toEqual(['target']);
  expect(await readFile(join(target, 'old'), 'utf8')).toBe('old');
});

it('says why a file cannot be written', async () => {
  const below = join(folder, 'missing', 'a.json');
  await expect(writeFileAtomically(below, 'x')).rejects.toThrow(`Cannot write ${below}: no such file or directory (ENOENT).`);
});
