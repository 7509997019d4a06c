// Which epochs count as improvements, and when patience has run out.
import { describe, expect, it } from 'vitest';
import type { EarlyStoppingOptions } from './earlyStopping.ts';
import { earlyStopping } from './earlyStopping.ts';
import { ImprovementWatch } from './improvement.ts';

/** Improvements as +, the others as −, and ! where patience has run out. */
function follow(options: EarlyStoppingOptions, values: readonly number[]): string {
  const rule = earlyStopping(options);
  const watch = new ImprovementWatch('earlyStopping', rule);
  return values
    .map((value, index) => {
      const better = watch.improves({ epoch: index + 1, loss: 0, seconds: 0, samplesPerSecond: 0, [rule.monitor]: value });
      return (better ? '+' : '-') + (watch.exhausted ? '!' : '');
    })
    .join('');
}

describe('earlyStopping', () => {
  it('wants less of a loss and more of anything else', () => {
    expect(follow({ patience: 2 }, [3, 2, 4, 1, 1, 2])).toBe('++-+--!');
    expect(follow({ monitor: 'accuracy', patience: 2 }, [3, 2, 4, 4, 5])).toBe('+-+-+');
    expect(follow({ monitor: 'error', goal: 'minimum', patience: 1 }, [3, 2, 4])).toBe('++-!');
  });

  it('takes no improvement of up to minimumDelta for one', () => {
    expect(follow({ minimumDelta: 0.5, patience: 2 }, [3, 2.5, 2.4, 2.3])).toBe('+-+-');
  });

  it('never takes NaN for an improvement', () => {
    expect(follow({ patience: 2 }, [NaN, NaN, 1])).toBe('--!+');
  });

  it('with no patience ends at the first epoch that is not better', () => {
    expect(follow({ patience: 0 }, [3, 2, 2])).toBe('++-!');
  });

  it.each([
    { patience: -1 },
    { patience: 1.5 },
    { minimumDelta: -1 },
    { minimumDelta: NaN },
    { goal: 'least' },
    { mode: 'min' },
    { monitor: null },
    { monitor: 5 },
    3,
  ])('refuses %o', (options) => {
    expect(() => earlyStopping(options as never)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });
});
