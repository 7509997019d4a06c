// The process around the commands: exit codes, signals, and readers that leave early.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { classes, writeImageSet } from './testing/imageSet.ts';
import { runProcess } from './testing/process.ts';

let root: string;
let flags: readonly string[];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'nn-mnist-'));
  const data = await writeImageSet(join(root, 'data'));
  flags = ['--data', data, '--classes', String(classes), '--hidden', '8', '--batch', '8'];
});
afterAll(() => rm(root, { recursive: true }));

it('exits with 2 for what it does not know', async () => {
  const { exitCode, stdout, stderr } = await runProcess(['train', '--epoch', '3']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toBe("nn-mnist: Unknown option '--epoch' (Did you mean --epochs?) See nn-mnist train --help\n");
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('keeps the run when it gets %s', async (signal, code) => {
  const out = join(root, signal);
  const { exitCode, stderr } = await runProcess(['train', ...flags, '--epochs', '100000', '--out', out], (text, child) => {
    if (text.includes('epoch 2:')) child.kill(signal);
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: code, stderr: `nn-mnist: Stopped by ${signal}.\n` });
  expect(JSON.parse(await readFile(join(out, 'result.json'), 'utf8'))).toMatchObject({ testAccuracy: expect.any(Number) });
});

it('goes on when nobody reads what it writes', async () => {
  const out = join(root, 'unread');
  const { exitCode, stderr } = await runProcess(['train', ...flags, '--epochs', '3', '--out', out], (_, child) => child.stdout?.destroy());
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(await readFile(join(out, 'result.json'), 'utf8'))).toMatchObject({ epochs: 3 });
});
