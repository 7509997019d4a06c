// Run folders: new ones, and what is read from them.
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FormatError } from '@nn/kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunConfig } from './runConfig.ts';
import { createRunFolder, loadRunModel, readRunConfig } from './runFolder.ts';
import { defaultSettings } from '../settings/settings.ts';

const config: RunConfig = { version: 1, ...defaultSettings, image: [28, 28] };
const start = process.cwd();
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'nn-mnist-'));
  process.chdir(root);
});
afterEach(async () => {
  process.chdir(start);
  await rm(root, { recursive: true });
});

describe('without a name', () => {
  it('folders are named by the time, each run its own', async () => {
    const folders = await Promise.all([1, 2, 3].map(() => createRunFolder(undefined, config)));
    const paths = folders.map(({ path }) => path);
    expect(new Set(paths).size).toBe(3);
    for (const path of paths) {
      expect(path).toMatch(/^runs[/\\]\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d(_\d)?$/);
      expect(await readRunConfig(path)).toEqual(config);
    }
  });

  it('missing runs are answered with those there are', async () => {
    const { path } = await createRunFolder(undefined, config);
    await expect(readRunConfig('runs/yesterday')).rejects.toThrow(
      `There is no run folder runs/yesterday. The last runs in runs: ${path.slice(5)}.`,
    );
    await expect(loadRunModel(path, async () => {})).rejects.toThrow(`${path} holds no model.safetensors.`);
  });
});

it('metrics are lines, the other files are whole', async () => {
  const folder = await createRunFolder('a/b', config);
  await folder.appendMetrics({ step: 1 });
  await folder.appendMetrics({ step: 2 });
  await folder.writeModel(Uint8Array.of(1, 2));
  await folder.writeModel(Uint8Array.of(3));
  expect(await readFile('a/b/metrics.jsonl', 'utf8')).toBe('{"step":1}\n{"step":2}\n');
  expect(await readdir('a/b')).toEqual(['config.json', 'metrics.jsonl', 'model.safetensors']);
  const loaded: number[] = [];
  await loadRunModel('a/b', async (bytes) => void loaded.push(...bytes));
  expect(loaded).toEqual([3]);
});

it('what is wrong with a network names its file', async () => {
  const { path, writeModel } = await createRunFolder('a', config);
  await writeModel(new Uint8Array());
  const load = loadRunModel(path, async () => {
    throw new FormatError('It is empty.');
  });
  await expect(load).rejects.toThrow('a/model.safetensors: It is empty.');
  await expect(load).rejects.toBeInstanceOf(FormatError);
});
