// Files that are either as they were or as they should be, whenever the process or the machine stops.
import type { FileHandle } from 'node:fs/promises';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileError, hasCode } from '../commandLine/errors.ts';

/**
 * Writes a file beside its final place, makes sure it is on the disk, and puts it there in one move.
 * @throws FileError; what was there before is then as it was
 */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await closing(await open(temporary, 'w'), async (file) => {
      await file.writeFile(content);
      await file.sync();
    });
    await rename(temporary, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw new FileError(`Cannot write ${path}`, error);
  }
}

/** Makes the new name of a file last. Some systems do not open directories; there the move itself has to do. */
async function syncDirectory(path: string): Promise<void> {
  try {
    await closing(await open(path, 'r'), (directory) => directory.sync());
  } catch (error) {
    if (!hasCode(error, 'EISDIR', 'EPERM', 'EACCES', 'EINVAL')) throw error;
  }
}

async function closing(file: FileHandle, use: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
