// Every mutant is caught by a case of the quick tier that the unchanged backend passes. By which one, caught.txt says.
import { beforeAll, describe, expect, it } from 'vitest';
import { conformanceCases } from '../suite/cases.ts';
import type { ConformanceCase } from '../suite/contract.ts';
import { runSuite } from '../suite/runSuite.ts';
import { catchMutant } from './catch.ts';
import { unchangedBackend } from './mutant.ts';
import { mutants } from './mutants.ts';

let passing: readonly ConformanceCase[];
const caught = new Map<string, string>();

beforeAll(async () => {
  const { backend, bytesInUse } = unchangedBackend();
  const reports = await runSuite(backend, { tier: 'quick', bytesInUse });
  expect(reports.filter(({ status }) => status !== 'pass')).toEqual([]);
  await backend.dispose();
  passing = conformanceCases({ tier: 'quick' });
}, 120_000);

describe.each([...new Set(mutants.map(({ kind }) => kind))])('%s', (kind) => {
  it.for(mutants.filter((mutant) => mutant.kind === kind))('$name', { timeout: 60_000 }, async (mutant) => {
    const report = await catchMutant(mutant, passing);
    expect(report, 'no case of the quick tier catches it').toBeDefined();
    caught.set(`${mutant.kind}; ${mutant.name}`, report!.id);
  });
});

it('is at least 30 mutants, each with a name of its own', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  expect(mutants.length).toBeGreaterThanOrEqual(30);
});

it('says by which cases', async ({ skip }) => {
  if (caught.size < mutants.length) skip('a run of some of the tests says nothing about the others');
  const lines = [...caught].map(([mutant, id]) => `${mutant}\n    ${id}`);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('caught.txt');
});
