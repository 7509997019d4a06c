// The folder of a comparison: the folders of its runs, and what they came to. With it a comparison goes on where it was stopped.
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isNnError } from '@nn/kit';
import { writeFileAtomically } from '../run/atomicFile.ts';
import { FileError, UsageError, hasCode } from '../commandLine/errors.ts';
import { makeFolders } from '../run/makeFolders.ts';
import type { RunConfig } from '../run/runConfig.ts';
import { parseRunConfig } from '../run/runConfig.ts';
import { fileNames, makeNewFolder } from '../run/runFolder.ts';
import { settingNames, settingText } from '../settings/settings.ts';
import type { RunRecord } from './records.ts';
import { readRecord } from './records.ts';
import type { Comparison } from './results.ts';
import { runName } from './variants.ts';
import type { Variant } from './variants.ts';

const comparisonFile = 'comparison.json';
export const reportFile = 'report.html';

/**
 * Makes the folder of a comparison, or takes one that holds a comparison.
 * @param out a new one below `runs` where it is undefined
 * @throws UsageError for a folder that holds something else; FileError for one that cannot be made or written to
 */
export async function openComparison(out: string | undefined): Promise<string> {
  const path = out ?? (await makeNewFolder('compare_'));
  const present = await makeFolders(path)
    .then(() => readdir(path))
    .catch((error: unknown) => {
      throw new FileError(`Cannot make the folder ${path}`, error);
    });
  if (present.length > 0 && !present.includes(comparisonFile)) {
    throw new UsageError(`--out: ${path} is not empty and holds no comparison (${present.slice(0, 3).join(', ')}). Give a new folder.`);
  }
  if (present.length === 0) await writeFileAtomically(join(path, comparisonFile), '{}\n');
  return path;
}

/**
 * What an earlier call has left of a run; undefined where it is still to be done, and its folder is then not there.
 * @throws UsageError for a run with other settings under that name
 */
export async function finishedRun(folder: string, config: RunConfig): Promise<RunRecord | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, fileNames.config), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw new FileError(`Cannot read ${folder}`, error);
  }
  const other = differingSetting(text, folder, config);
  if (other !== undefined)
    throw new UsageError(`--out: ${folder} holds a run with ${other}. Give a new folder, or the same settings as before.`);
  const record = await readRecord(folder, config.seed, config.epochs);
  if (record === undefined) await rm(folder, { recursive: true });
  return record;
}

function differingSetting(text: string, folder: string, config: RunConfig): string | undefined {
  try {
    const before = parseRunConfig(text, join(folder, fileNames.config));
    const name = settingNames.find((setting) => JSON.stringify(before[setting]) !== JSON.stringify(config[setting]));
    return name && `--${name} ${settingText(name, before[name])}, not ${settingText(name, config[name])}`;
  } catch (error) {
    if (isNnError(error)) return `settings that this program does not read (${error.message})`;
    throw error;
  }
}

export function runFolderOf(comparison: string, variant: Variant, seed: number): string {
  return join(comparison, runName(variant, seed));
}

/** The results as data. */
export async function writeResults(folder: string, { plan, rows }: Comparison): Promise<void> {
  const data = {
    seeds: plan.seeds,
    variants: rows.map(({ variant, ...figures }) => ({ label: variant.label, differences: variant.differences, ...figures })),
  };
  await writeFileAtomically(join(folder, comparisonFile), `${JSON.stringify(data, null, 2)}\n`);
}

export async function writeReport(folder: string, html: string): Promise<string> {
  const path = join(folder, reportFile);
  await writeFileAtomically(path, html);
  return path;
}
