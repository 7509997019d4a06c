// The rates of the one-cycle schedule: PyTorch's, step by step.
import { describe, expect, it } from 'vitest';
import { oneCycle, oneCycleMomentum } from './oneCycle.ts';

const ratesOf = (schedule: (step: number) => number, steps: number): number[] =>
  Array.from({ length: steps }, (_, index) => schedule(index + 1));

/** The phases of torch.optim.lr_scheduler.OneCycleLR, written out: they end at pct · total − 1 and total − 1, counted from 0. */
function byHand([initial, turn, final]: readonly [number, number, number], total: number, part = 0.3): number[] {
  const anneal = (from: number, to: number, progress: number): number => to + ((from - to) / 2) * (Math.cos(Math.PI * progress) + 1);
  const end = part * total - 1;
  return Array.from({ length: total }, (_, index) =>
    index <= end ? anneal(initial, turn, index / end) : anneal(turn, final, (index - end) / (total - 1 - end)),
  );
}

describe('oneCycle', () => {
  it.each([10, 37, 100])('gives the rates of PyTorch over %d steps', (steps) => {
    const expected = byHand([0.1 / 25, 0.1, 0.1 / 25 / 1e4], steps);
    ratesOf(oneCycle({ peak: 0.1, steps }), steps).forEach((rate, index) => expect(rate).toBeCloseTo(expected[index]!, 12));
  });

  it('goes along lines if asked to', () => {
    const schedule = oneCycle({ peak: 1, steps: 9, rise: 1 / 3, initial: 0.2, final: 0.1, shape: 'linear' });
    const expected = [0.2, 0.6, 1, 0.85, 0.7, 0.55, 0.4, 0.25, 0.1];
    ratesOf(schedule, 9).forEach((rate, index) => expect(rate).toBeCloseTo(expected[index]!, 12));
  });

  it('stays at the final rate behind its end, and begins to fall at once when there is no room to rise', () => {
    expect(oneCycle({ peak: 1, steps: 10, final: 0.5 })(1000)).toBe(0.5);
    const short = ratesOf(oneCycle({ peak: 1, steps: 2, final: 0 }), 2);
    expect(short).toEqual([1, 0]);
  });

  it.each([
    { peak: -1, steps: 10 },
    { peak: 1, steps: 1 },
    { peak: 1, steps: 2.5 },
    { peak: 1, steps: 10, rise: 1 },
    { peak: 1, steps: 10, final: NaN },
    { peak: 1, steps: 10, shape: 'round' as never },
  ])('refuses %o', (options) => {
    expect(() => oneCycle(options)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });

  it('is made again from its options', () => {
    const schedule = oneCycle({ peak: 0.2, steps: 50, rise: 0.4 });
    expect(oneCycle.rebuild(schedule.options, {})(17)).toBe(schedule(17));
  });
});

describe('oneCycleMomentum', () => {
  it.each([10, 37, 100])('gives the momenta of PyTorch over %d steps', (steps) => {
    const expected = byHand([0.95, 0.85, 0.95], steps);
    ratesOf(oneCycleMomentum({ steps }), steps).forEach((momentum, index) => expect(momentum).toBeCloseTo(expected[index]!, 12));
  });

  it('turns where the rate turns, and stays high behind the end', () => {
    const cycle = { steps: 20, rise: 0.4, shape: 'linear' } as const;
    const rates = ratesOf(oneCycle({ peak: 1, initial: 0, final: 0, ...cycle }), 25);
    const momenta = ratesOf(oneCycleMomentum({ high: 0.9, low: 0.5, ...cycle }), 25);
    momenta.forEach((momentum, index) => expect(momentum).toBeCloseTo(0.9 - 0.4 * rates[index]!, 12));
  });

  it.each([
    { steps: 10, high: 1 },
    { steps: 10, low: -0.1 },
    { steps: 1 },
    { steps: 10, rise: 0 },
    { steps: 10, maxMomentum: 0.9 } as never,
  ])('refuses %o', (options) => {
    expect(() => oneCycleMomentum(options)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });

  it('is made again from its options', () => {
    const schedule = oneCycleMomentum({ steps: 50, low: 0.8 });
    expect(oneCycleMomentum.rebuild(schedule.options, {})(17)).toBe(schedule(17));
  });
});
