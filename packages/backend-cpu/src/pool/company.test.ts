// When a thread works alone: where that is faster, and for as long.
import { describe, expect, it } from 'vitest';
import { Company } from './company.ts';

const program = {};

/** How many of `runs` are done with the others, and the time of all. */
function runs(company: Company, count: number, together: (run: number) => number, alone: number): { joined: number; taken: number } {
  let [joined, taken] = [0, 0];
  for (let run = 0; run < count; run++) {
    const isTogether = company.join(program);
    const milliseconds = isTogether ? together(run) : alone;
    if (isTogether) joined++;
    taken += milliseconds;
    company.note(program, milliseconds);
  }
  return { joined, taken };
}

const always = (milliseconds: number) => (): number => milliseconds;
/** What a process that needs as much makes of runs of 1.2 ms: some are as fast as ever, for some time, others wait for a slice of time. */
const disturbed = (run: number): number => (Math.floor(run / 7) % 3 === 0 ? 1.2 : run % 2 === 0 ? 6 : 1.5);

describe('company', () => {
  it('is kept where it is faster, but for one short try', () => {
    expect(runs(new Company(), 1000, always(1.2), 2.3).joined).toBe(997);
    expect(runs(new Company(), 1000, always(1.2), 1.5).joined).toBe(984);
  });

  it('is not left while the engine optimizes', () => {
    const faster = (run: number): number => 1.2 + 12 * Math.exp(-run / 10);
    expect(runs(new Company(), 1000, faster, 2.3).joined).toBe(997);
  });

  it('is left where it is slower, but for some tries', () => {
    expect(runs(new Company(), 1000, always(3), 2.3).joined).toBeLessThan(120);
  });

  it('is kept through a single late run', () => {
    const company = new Company();
    runs(company, 100, always(1.2), 2.3);
    expect(runs(company, 1000, (run) => (run % 200 === 100 ? 6 : 1.2), 2.3).joined).toBe(1000);
  });

  it('is kept where it is slower than usual and faster all the same, with a try now and then', () => {
    const company = new Company();
    runs(company, 100, always(1.2), 5);
    expect(runs(company, 2000, always(4), 5).joined).toBeGreaterThan(1950);
  });

  it('costs little where another process keeps a core busy', () => {
    const { joined, taken } = runs(new Company(), 5000, disturbed, 2.3);
    expect(joined).toBeLessThan(750);
    expect(taken).toBeLessThan(1.05 * 5000 * 2.3);
  });

  it('is sought again soon after the disturbance', () => {
    const company = new Company();
    runs(company, 2000, disturbed, 2.3);
    // 16 windows of 24 ms, at most.
    expect(runs(company, 1000, always(1.2), 2.3).joined).toBeGreaterThan(820);
  });

  it('of one program does not depend on that of another', () => {
    const company = new Company();
    runs(company, 100, always(3), 2.3);
    expect(company.join(program)).toBe(false);
    expect(company.join({})).toBe(true);
  });
});
