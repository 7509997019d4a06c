// Making a folder together with those above it.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode } from '../commandLine/errors.ts';

/** False when it is there already. */
export async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Makes what is missing of a path. Node's own `recursive` tries for ever where a folder is there and takes no others, as /proc is. */
export async function makeFolders(path: string): Promise<void> {
  try {
    await makeFolder(path);
  } catch (error) {
    const parent = dirname(path);
    if (!hasCode(error, 'ENOENT') || parent === path) throw error;
    await makeFolders(parent);
    await makeFolder(path);
  }
}
