// When a thread works alone: where that is faster, and for as long.
import { describe, expect, it } from 'vitest';
import { Company } from './company.ts';

const program = 64;

/** How many of `runs` are done with the others, who are late (a run takes 4 ms then, of which 2 are waiting) or not (1.2 ms). */
function joinedRuns(company: Company, runs: number, { late, alone }: { readonly late: boolean; readonly alone: number }): number {
  let joined = 0;
  for (let run = 0; run < runs; run++) {
    if (company.join(program)) {
      joined++;
      company.note(program, late ? 4 : 1.2, late ? 2 : 0);
    } else {
      company.note(program, alone, undefined);
    }
  }
  return joined;
}

describe('company', () => {
  it('is kept while the others are in time', () => {
    expect(joinedRuns(new Company(), 100, { late: false, alone: 2 })).toBe(100);
  });

  it('is kept where it is faster all the same, with a run now and then to find out', () => {
    expect(joinedRuns(new Company(), 1000, { late: true, alone: 5 })).toBeGreaterThan(985);
  });

  it('is rarely sought while a run is faster without, and kept again soon after', () => {
    const company = new Company();
    expect(joinedRuns(company, 1000, { late: true, alone: 2 })).toBeLessThan(60);
    expect(joinedRuns(company, 1000, { late: false, alone: 2 })).toBeGreaterThan(850);
  });

  it('is sought twice in a row: who was left alone sleeps, and is late once', () => {
    const company = new Company();
    joinedRuns(company, 100, { late: true, alone: 2 });
    while (!company.join(program)) company.note(program, 2, undefined);
    company.note(program, 4, 2);
    expect(company.join(program)).toBe(true);
    company.note(program, 1.2, 0);
    expect(joinedRuns(company, 300, { late: false, alone: 2 })).toBeGreaterThan(150);
  });

  it('of one program does not depend on that of another', () => {
    const company = new Company();
    joinedRuns(company, 100, { late: true, alone: 2 });
    expect(company.join(program + 64)).toBe(true);
  });
});
