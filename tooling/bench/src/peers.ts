// The peers from the registry: installed into ../peers from a lockfile of its own when a run wants them, never by the workspace.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const directory = join(import.meta.dirname, '../peers');
const pnpm = join(import.meta.dirname, '../../../node_modules/.bin/pnpm');

/** Does nothing when they are there. @throws when the registry cannot be reached */
export async function installPeers(): Promise<void> {
  console.error('installing the peers …');
  await promisify(execFile)(pnpm, ['--dir', directory, 'install', '--frozen-lockfile']);
}
