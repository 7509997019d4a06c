// The folder a run leaves behind: made before training, filled while it goes on, read again by predict.
import { appendFile, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, FormatError, isNnError } from '@nn/kit';
import { writeFileAtomically } from './atomicFile.ts';
import { FileError, UsageError, hasCode } from '../commandLine/errors.ts';
import { makeFolder, makeFolders } from './makeFolders.ts';
import type { RunConfig } from './runConfig.ts';
import { parseRunConfig } from './runConfig.ts';

/** Where runs go that were given no place. */
export const defaultParent = 'runs';

export const fileNames = { config: 'config.json', metrics: 'metrics.jsonl', model: 'model.safetensors', result: 'result.json' } as const;

/** What a run came to. */
export interface RunResult {
  /** Part of the test images whose class was found, 0 to 1. */
  readonly testAccuracy: number;
  /** Mean cross-entropy over the test images. */
  readonly testLoss: number;
  /** From the first step to the end of the last epoch, validation included. */
  readonly seconds: number;
  /** Training images per second, validation not included. */
  readonly samplesPerSecond: number;
  readonly backend: string;
  readonly seed: number;
  /** Passes over the training images that were completed. */
  readonly epochs: number;
}

/** A run folder that is being filled. */
export interface RunFolder {
  readonly path: string;
  readonly appendMetrics: (row: object) => Promise<void>;
  readonly writeModel: (bytes: Uint8Array) => Promise<void>;
  readonly writeResult: (result: RunResult) => Promise<void>;
}

/**
 * Makes a folder for a run and writes its configuration, which shows that it can be written to.
 *
 * @param out the folder; if undefined, a new one below `runs` that is named by the time
 * @throws UsageError for a folder that holds something; FileError for one that cannot be made or written to
 */
export async function createRunFolder(out: string | undefined, config: RunConfig): Promise<RunFolder> {
  const path = out === undefined ? await makeNewFolder() : await takeEmptyFolder(out);
  await writeFileAtomically(join(path, fileNames.config), jsonText(config));
  return {
    path,
    appendMetrics: (row) => appendLine(join(path, fileNames.metrics), JSON.stringify(row)),
    writeModel: (bytes) => writeFileAtomically(join(path, fileNames.model), bytes),
    writeResult: (result) => writeFileAtomically(join(path, fileNames.result), jsonText(result)),
  };
}

async function appendLine(file: string, line: string): Promise<void> {
  try {
    await appendFile(file, `${line}\n`);
  } catch (error) {
    throw new FileError(`Cannot write ${file}`, error);
  }
}

/** The configuration of a finished or stopped run. @throws DataError when there is none; FormatError for one that is damaged */
export async function readRunConfig(run: string): Promise<RunConfig> {
  const file = join(run, fileNames.config);
  const bytes = await readRunFile(run, fileNames.config);
  return parseRunConfig(bytes.toString('utf8'), file);
}

/**
 * Reads the network of a run into something.
 * @throws DataError when there is none; FormatError, naming the file, for one that is damaged or does not fit
 */
export async function loadRunModel(run: string, load: (bytes: Uint8Array) => Promise<void>): Promise<void> {
  const bytes = await readRunFile(run, fileNames.model);
  try {
    await load(bytes);
  } catch (error) {
    if (!isNnError(error)) throw error;
    throw new FormatError(`${join(run, fileNames.model)}: ${error.message}`, 'format.invalid', { cause: error });
  }
}

async function readRunFile(run: string, name: string): Promise<Buffer> {
  const file = join(run, name);
  try {
    return await readFile(file);
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw new FileError(`Cannot read ${file}`, error);
    const missing = hasCode(error, 'ENOTDIR') || !(await exists(run)) ? `There is no run folder ${run}` : `${run} holds no ${name}`;
    throw new DataError(`${missing}.${await existingRuns()}`, 'data.missing', { cause: error });
  }
}

async function exists(folder: string): Promise<boolean> {
  return readdir(folder).then(
    () => true,
    () => false,
  );
}

/** Names the last runs, for those who mistyped one. */
async function existingRuns(): Promise<string> {
  const names = await readdir(defaultParent).catch(() => []);
  const latest = names.toSorted((a, b) => (a < b ? -1 : 1)).slice(-3);
  return latest.length === 0 ? '' : ` The last runs in ${defaultParent}: ${latest.join(', ')}.`;
}

/** Makes a folder below `runs` that is named by the time. @param prefix of its name @throws FileError */
export async function makeNewFolder(prefix = ''): Promise<string> {
  const name = join(defaultParent, prefix + new Date().toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-'));
  try {
    await makeFolders(defaultParent);
    // Runs may begin in the same second.
    for (let number = 1; ; number++) {
      const path = number === 1 ? name : `${name}_${number}`;
      if (await makeFolder(path)) return path;
    }
  } catch (error) {
    throw new FileError(`Cannot make the run folder ${name}`, error);
  }
}

async function takeEmptyFolder(path: string): Promise<string> {
  const present = await makeFolders(path)
    .then(() => readdir(path))
    .catch((error: unknown) => {
      throw new FileError(`Cannot make the run folder ${path}`, error);
    });
  if (present.length === 0) return path;
  const what = present.includes(fileNames.config) ? 'holds a run already' : `is not empty (${present.slice(0, 3).join(', ')})`;
  throw new UsageError(`--out: ${path} ${what}, which would be overwritten. Give a new folder.`);
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
