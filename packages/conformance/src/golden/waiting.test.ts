// The waiting list says exactly which cases are not run, and for how long.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { referenceBackend } from '@nn/backend-reference';
import * as core from '@nn/core';
import * as layers from '@nn/layers';
import * as optim from '@nn/optim';
import * as train from '@nn/train';
import { describe, expect, it } from 'vitest';
import { loadGolden, packageVectors } from '../node/files.ts';
import { runCase } from './run.ts';
import { checkedWaitingList, waitsFor } from './waiting.ts';

const cases = loadGolden(packageVectors).flatMap((file) => file.cases);
const list = checkedWaitingList(JSON.parse(readFileSync(join(packageVectors, 'waiting.json'), 'utf8')));
const exported = new Set([core, layers, optim, train].flatMap((module) => Object.keys(module)));

describe('the waiting list', async () => {
  const results = await Promise.all(cases.map((golden) => runCase(golden, referenceBackend(), { factor: 1 })));
  const waiting = cases.filter((_, index) => results[index]!.status === 'waiting');

  it('is of cases that do not fail: all others pass on the reference', () => {
    expect(results.filter(({ status }) => status === 'fail')).toEqual([]);
  });

  it('names every case that is not run', () => {
    const missing = waiting.filter((golden) => !list.waiting.some((entry) => waitsFor(entry, golden)));
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  it('names no case that is run', () => {
    const listed = cases.filter((golden) => list.waiting.some((entry) => waitsFor(entry, golden)));
    expect(listed.filter((golden) => !waiting.includes(golden)).map(({ id }) => id)).toEqual([]);
  });

  it('is as long as it says', () => {
    expect(waiting.length, 'lower `cases` when the list has shrunk; it may not grow').toBe(list.cases);
  });

  it.each(list.waiting)('still has reason to name $op', (entry) => {
    expect(
      cases.some((golden) => waitsFor(entry, golden)),
      'no case is left of it',
    ).toBe(true);
    expect(
      entry.until.filter((name) => exported.has(name)),
      'exists now: write the adapter and remove the entry',
    ).toEqual([]);
  });
});
