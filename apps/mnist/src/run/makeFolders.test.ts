// Folders above folders: made where they are missing, left where they are, and an end where none can be.
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeFolder, makeFolders } from './makeFolders.ts';

const parent = await mkdtemp(join(tmpdir(), 'nn-folders-'));
afterAll(() => rm(parent, { recursive: true }));

it('makes what is missing, and takes what is there', async () => {
  const path = join(parent, 'a', 'b', 'c');
  await makeFolders(path);
  await makeFolders(path);
  expect((await stat(path)).isDirectory()).toBe(true);
  expect(await makeFolder(path)).toBe(false);
  expect(await makeFolder(join(path, 'd'))).toBe(true);
});

it('ends where a folder cannot be', async () => {
  await writeFile(join(parent, 'file'), '');
  await expect(makeFolders(join(parent, 'file', 'a', 'b'))).rejects.toThrow('ENOTDIR');
  await expect(makeFolders('')).rejects.toThrow('ENOENT');
});

it.runIf(process.platform === 'linux')('ends where the file system takes no folders', async () => {
  await expect(makeFolders('/proc/none/of/these')).rejects.toThrow(/ENOENT|EACCES|EPERM|EROFS/);
});
