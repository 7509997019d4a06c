// When a thread works alone: as soon and as long as the others are late.
import { describe, expect, it } from 'vitest';
import { Company } from './company.ts';

/** How many of `runs` are done by all of two threads, when the others are late from run `from` to run `to`. */
function joinedRuns(company: Company, runs: number, from: number, to: number): number {
  let joined = 0;
  for (let run = 0; run < runs; run++) {
    if (!company.join()) continue;
    joined++;
    company.note(from <= run && run < to ? 3 : 0, 4, 2);
  }
  return joined;
}

describe('company', () => {
  it('is kept while the others are in time, and after a wait that is shorter than what they save', () => {
    const company = new Company();
    expect(joinedRuns(company, 100, 0, 0)).toBe(100);
    company.note(1.9, 4, 2);
    expect(company.join()).toBe(true);
  });

  it('is left for one run when the others were late once', () => {
    expect(joinedRuns(new Company(), 100, 50, 51)).toBe(99);
  });

  it('is rarely sought while the others stay late, and kept again soon after', () => {
    const company = new Company();
    expect(joinedRuns(company, 1000, 0, 1000)).toBeLessThan(25);
    expect(joinedRuns(company, 1000, 0, 0)).toBeGreaterThan(850);
  });
});
