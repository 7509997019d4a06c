// The rates that schedules give, step by step.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneCycle } from './oneCycle.ts';
import { constantSchedule, cosineDecay, exponentialDecay, stepDecay, warmUp } from './schedules.ts';

const rates = (schedule: (step: number) => number, steps: readonly number[]): number[] => steps.map((step) => schedule(step));

describe('schedules', () => {
  it('stay constant', () => {
    expect(rates(constantSchedule(0.3), [1, 2, 1000])).toEqual([0.3, 0.3, 0.3]);
  });

  it('decay in steps, the first `every` steps at the initial rate', () => {
    expect(rates(stepDecay({ initial: 8, factor: 0.5, every: 2 }), [1, 2, 3, 4, 5])).toEqual([8, 8, 4, 4, 2]);
  });

  it('decay exponentially, by `factor` over `every` steps', () => {
    const [first, third, fifth] = rates(exponentialDecay({ initial: 8, factor: 0.25, every: 4 }), [1, 3, 5]);
    expect(first).toBe(8);
    expect(third).toBeCloseTo(4, 12);
    expect(fifth).toBe(2);
  });

  it('decay along half a cosine and then stay at the final rate', () => {
    const [first, middle, last, later] = rates(cosineDecay({ initial: 1, steps: 10, final: 0.2 }), [1, 6, 11, 100]);
    expect(first).toBe(1);
    expect(middle).toBeCloseTo(0.6, 12);
    expect(last).toBeCloseTo(0.2, 12);
    expect(later).toBeCloseTo(0.2, 12);
  });

  it('warm up linearly and go on with the next schedule from its step 1', () => {
    const then = stepDecay({ initial: 8, factor: 0.5, every: 2 });
    expect(rates(warmUp(4, then), [1, 2, 3, 4, 5, 6, 7])).toEqual([2, 4, 6, 8, 8, 4, 4]);
    expect(rates(warmUp(2, 1, { from: 0.5 }), [1, 2, 3])).toEqual([0.75, 1, 1]);
  });

  it.each([
    () => constantSchedule(-1),
    () => stepDecay({ initial: 1, factor: NaN, every: 1 }),
    () => exponentialDecay({ initial: 1, factor: 0.5, every: 0 }),
    () => cosineDecay({ initial: Infinity, steps: 5 }),
    () => warmUp(1.5, 1),
  ])('refuse numbers out of range when they are made', (make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });

  it('know what they are made of and are made again from it', () => {
    const schedule = warmUp(3, cosineDecay({ initial: 1, steps: 10 }));
    expect(schedule.kind).toBe('warmUp');
    const again = warmUp.rebuild(schedule.options, {});
    expect(rates(again, [1, 4, 8])).toEqual(rates(schedule, [1, 4, 8]));
  });
});

it.each<[string, () => unknown]>([
  ['cosineDecay has no option "finl". Did you mean "final"?', () => cosineDecay({ initial: 1, steps: 10, finl: 0.1 } as never)],
  ['stepDecay has no option "gamma"', () => stepDecay({ initial: 1, factor: 0.5, every: 2, gamma: 0.5 } as never)],
  ['exponentialDecay takes its options as an object, not 0.1', () => exponentialDecay(0.1 as never)],
  ['warmUp has no option "form". Did you mean "from"?', () => warmUp(3, 0.1, { form: 0.01 } as never)],
  ['oneCycle takes its options as an object, not undefined', () => oneCycle(undefined as never)],
  ['Give peak.', () => oneCycle({ maxLr: 1, steps: 10 } as never)],
  ['cosineDecay: initial is undefined', () => cosineDecay({ steps: 10 } as never)],
])('refuses: %s', (message, make) => {
  expect(make).toThrow(message);
  expect(make).toThrow(expect.objectContaining({ name: 'ConfigError' }));
});

it('every schedule gives finite rates from 0 to its highest, and those that decay never rise', () => {
  const recipe = fc.record({ initial: fc.double({ min: 1e-6, max: 10, noNaN: true }), steps: fc.integer({ min: 2, max: 500 }) });
  fc.assert(
    fc.property(recipe, fc.integer({ min: 1, max: 2000 }), ({ initial, steps }, step) => {
      const decays = [
        stepDecay({ initial, factor: 0.5, every: steps }),
        exponentialDecay({ initial, factor: 0.5, every: steps }),
        cosineDecay({ initial, steps }),
      ];
      for (const decay of decays) {
        expect(decay(step)).toBeLessThanOrEqual(initial);
        expect(decay(step + 1)).toBeLessThanOrEqual(decay(step));
      }
      for (const schedule of [...decays, warmUp(steps, initial), oneCycle({ peak: initial, steps })]) {
        expect(schedule(step)).toBeGreaterThanOrEqual(0);
        expect(schedule(step)).toBeLessThanOrEqual(initial * (1 + 1e-12));
      }
    }),
  );
});
