// Golden files in a directory, for Node: the command line and tests.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DataError } from '@nn/core';
import type { GoldenFile } from '../golden/format.ts';
import { isGoldenFile, parseGolden, parseJson } from '../golden/format.ts';

/** The golden files that come with this package. */
export const packageVectors: string = fileURLToPath(new URL('../../vectors', import.meta.url));

/**
 * All golden files below a directory, in order of their names. Other JSON files are passed over.
 * @throws DataError when there is no such directory or no golden file in it; FormatError for a golden file that is damaged
 */
export function loadGolden(directory: string): GoldenFile[] {
  const files = jsonFiles(directory).flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    return isGoldenFile(parseJson(text, path)) ? [parseGolden(text, path)] : [];
  });
  if (files.length === 0) throw new DataError(`${directory} holds no golden files (JSON files of the format nn-golden/1).`, 'data.missing');
  return files;
}

function jsonFiles(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true, recursive: true });
    const paths = entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
      .map((entry) => join(entry.parentPath, entry.name));
    return paths.toSorted();
  } catch (cause) {
    throw new DataError(`The directory ${directory} cannot be read.`, 'data.missing', { cause });
  }
}
