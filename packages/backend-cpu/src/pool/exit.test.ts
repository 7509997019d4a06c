// Workers do not keep a process alive.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('a process that forgets its backend ends by itself', { timeout: 20_000 }, async () => {
  const program = fileURLToPath(new URL('../testing/forgottenBackend.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--conditions=@nn/source', program], {
    timeout: 15_000,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  expect(stdout).toBe('used\n');
});
