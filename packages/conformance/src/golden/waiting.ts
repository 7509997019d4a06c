// The list of golden cases that wait for something the toolkit does not have yet. It may only shrink.
import { FormatError } from '@nn/core';
import type { GoldenCase, GoldenConfig } from './format.ts';
import { isRecord } from './format.ts';

/** Cases that wait: those of an op, or those of them whose config has these entries. */
export interface WaitingEntry {
  readonly op: string;
  readonly config?: GoldenConfig;
  /** Names under which a package may one day export what they wait for; when one of them exists, the cases have waited long enough. */
  readonly until: readonly string[];
}

export interface WaitingList {
  /** How many cases wait. */
  readonly cases: number;
  readonly waiting: readonly WaitingEntry[];
}

/** @throws FormatError for what is no waiting list */
export function checkedWaitingList(content: unknown): WaitingList {
  if (!isRecord(content) || typeof content['cases'] !== 'number' || !Array.isArray(content['waiting'])) {
    throw new FormatError('The waiting list needs the number of cases and a list.');
  }
  const waiting = content['waiting'].map((entry: unknown, index): WaitingEntry => {
    if (!isRecord(entry) || typeof entry['op'] !== 'string' || !Array.isArray(entry['until'])) {
      throw new FormatError(`Entry ${index} of the waiting list needs an op and the names it waits for.`);
    }
    const { op, until, config } = entry;
    return { op, until: until.map(String), ...(isRecord(config) ? { config } : {}) };
  });
  return { cases: content['cases'], waiting };
}

/** Whether an entry speaks of a case. */
export function waitsFor(entry: WaitingEntry, golden: GoldenCase): boolean {
  return entry.op === golden.op && Object.entries(entry.config ?? {}).every(([name, value]) => golden.config[name] === value);
}
