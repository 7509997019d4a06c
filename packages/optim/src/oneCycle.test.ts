// The rates of the one-cycle schedule: PyTorch's, step by step.
import { describe, expect, it } from 'vitest';
import { oneCycle } from './oneCycle.ts';

const ratesOf = (schedule: (step: number) => number, steps: number): number[] =>
  Array.from({ length: steps }, (_, index) => schedule(index + 1));

/** torch.optim.lr_scheduler.OneCycleLR(max_lr, total_steps), written out: phases end at pct · total − 1 and total − 1, counted from 0. */
function byHand(peak: number, total: number, part = 0.3): number[] {
  const [initial, final] = [peak / 25, peak / 25 / 1e4];
  const anneal = (from: number, to: number, progress: number): number => to + ((from - to) / 2) * (Math.cos(Math.PI * progress) + 1);
  const end = part * total - 1;
  return Array.from({ length: total }, (_, index) =>
    index <= end ? anneal(initial, peak, index / end) : anneal(peak, final, (index - end) / (total - 1 - end)),
  );
}

describe('oneCycle', () => {
  it.each([10, 37, 100])('gives the rates of PyTorch over %d steps', (steps) => {
    const expected = byHand(0.1, steps);
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
