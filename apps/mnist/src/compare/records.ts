// What a run left behind, read for comparing it with others.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError } from '@nn/kit';
import { FileError, hasCode } from '../commandLine/errors.ts';
import type { RunResult } from '../run/runFolder.ts';
import { fileNames } from '../run/runFolder.ts';
import type { LayerRow } from './layerStatistics.ts';

/** Figures of a training step. */
export interface StepRow {
  readonly type: 'step';
  readonly step: number;
  /** Steps of an epoch. */
  readonly batches: number;
  readonly loss: number;
  readonly gradientNorm: number;
}

/** Figures of an epoch. */
export interface EpochRow {
  readonly type: 'epoch';
  readonly epoch: number;
  readonly loss: number;
  readonly validationAccuracy: number;
  readonly validationLoss: number;
}

/** The run came to numbers that are not finite. */
export interface DivergedRow {
  readonly type: 'diverged';
  readonly reason: string;
}

/** A run that is over. */
export interface RunRecord {
  readonly seed: number;
  /** Undefined for a run that diverged. */
  readonly result: RunResult | undefined;
  readonly diverged: string | undefined;
  readonly steps: readonly StepRow[];
  readonly epochs: readonly EpochRow[];
  readonly layers: readonly LayerRow[];
}

/**
 * Reads a run folder. Undefined where there is no run, or one that was stopped before its last epoch.
 * @throws FormatError for files that are damaged; FileError for those that cannot be read
 */
export async function readRecord(folder: string, seed: number, epochs: number): Promise<RunRecord | undefined> {
  const metrics = await readText(join(folder, fileNames.metrics));
  if (metrics === undefined) return undefined;
  const rows = metrics
    .trimEnd()
    .split('\n')
    .map((line) => parseJson(line, join(folder, fileNames.metrics)) as StepRow | EpochRow | LayerRow | DivergedRow);
  const ofType = <Type extends (typeof rows)[number]['type']>(type: Type) =>
    rows.filter((row): row is Extract<(typeof rows)[number], { type: Type }> => row.type === type);
  const [diverged] = ofType('diverged');
  const text = await readText(join(folder, fileNames.result));
  const result = text === undefined ? undefined : (parseJson(text, join(folder, fileNames.result)) as RunResult);
  if (diverged === undefined && result?.epochs !== epochs) return undefined;
  return { seed, result, diverged: diverged?.reason, steps: ofType('step'), epochs: ofType('epoch'), layers: ofType('layers') };
}

/** Undefined for a file that does not exist. */
async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw new FileError(`Cannot read ${file}`, error);
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FormatError(`${file} is damaged: it is no JSON. Remove the folder, and the run is done again.`, 'format.invalid', {
      cause: error,
    });
  }
}
