// Every mutant is caught by a case of the quick tier that the unchanged backend passes. By which one, caught.txt says.
import { describe, expect, it } from 'vitest';
import { conformanceCases } from '../suite/cases.ts';
import { runSuite } from '../suite/runSuite.ts';
import { catchMutant } from './catch.ts';
import { unchangedBackend } from './mutant.ts';
import { mutants } from './mutants.ts';

const cases = conformanceCases({ tier: 'quick' });
const caught = new Map<string, string>();

it('changes nothing in the backend that mutants are made of, which passes them all', { timeout: 120_000 }, async () => {
  const { backend, ...options } = unchangedBackend();
  const reports = await runSuite(backend, { ...options, cases });
  await backend.dispose();
  expect(reports.filter(({ status }) => status !== 'pass')).toEqual([]);
});

describe.each([...new Set(mutants.map(({ kind }) => kind))])('%s', (kind) => {
  it.for(mutants.filter((mutant) => mutant.kind === kind))('$name', { timeout: 60_000 }, async (mutant) => {
    const report = await catchMutant(mutant, cases);
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
