// What a factory refuses, and how it says so.
import { describe, expect, it } from 'vitest';
import { ConfigError } from './errors.ts';
import { checkChoice, checkFlag, checkInteger, checkNumber, resolveOptions } from './options.ts';

describe('resolveOptions', () => {
  const defaults: { deviation: number; truncated: boolean } = { deviation: 1, truncated: false };
  const resolving = (options: object) => () => resolveOptions('normal', options, defaults, { stddev: 'Give deviation.' });

  it('takes defaults for what is missing or undefined', () => {
    expect(resolveOptions('normal', { truncated: true, deviation: undefined }, defaults)).toEqual({ deviation: 1, truncated: true });
  });

  it('refuses names it does not know, with the likely one', () => {
    expect(resolving({ deviaton: 1 })).toThrow(
      new ConfigError('normal has no option "deviaton". Did you mean "deviation"? Its options are deviation, truncated.', 'config.unknown'),
    );
    expect(resolving({ stddev: 1 })).toThrow('normal has no option "stddev". Give deviation.');
    expect(resolving({ toString: 1 })).toThrow('no option "toString"');
    expect(() => resolveOptions('zeros', { value: 1 }, {})).toThrow('It has none.');
  });

  it('refuses what is no object of options', () => {
    for (const given of [null, 3, [1]]) expect(resolving(given as never)).toThrow(ConfigError);
  });
});

describe('checks', () => {
  it('give the value back when it is allowed', () => {
    expect(checkNumber('sgd', 'momentum', 0, { from: 0, below: 1 })).toBe(0);
    expect(checkNumber('sgd', 'rate', 1, { above: 0, to: 1 })).toBe(1);
    expect(checkInteger('dense', 'units', 3, { from: 1 })).toBe(3);
    expect(checkFlag('dense', 'bias', false)).toBe(false);
    expect(checkChoice('dropout', 'active', 'always', ['always', 'training'])).toBe('always');
  });

  it.each([
    [
      () => checkNumber('sgd', 'momentum', 1, { from: 0, below: 1 }),
      'sgd: momentum is 1; it is a finite number of at least 0 and below 1.',
    ],
    [() => checkNumber('sgd', 'rate', 0, { above: 0 }), 'sgd: rate is 0; it is a finite number above 0.'],
    [() => checkNumber('sgd', 'rate', 2, { to: 1 }), 'sgd: rate is 2; it is a finite number up to 1.'],
    [() => checkNumber('sgd', 'rate', Number.NaN), 'sgd: rate is NaN; it is a finite number.'],
    [() => checkNumber('sgd', 'rate', '1' as never), "sgd: rate is '1'; it is a finite number."],
    [() => checkInteger('dense', 'units', 1.5, { from: 1 }), 'dense: units is 1.5; it is an integer of at least 1.'],
    [() => checkFlag('dense', 'bias', 0 as never), 'dense: bias is 0; it is true or false.'],
    [
      () => checkChoice('dropout', 'active', 'alway', ['always', 'training']),
      "dropout: active is 'alway'; it is 'always' or 'training'. Did you mean \"always\"?",
    ],
    [() => checkFlag('dense', 'bias', checkFlag as never), 'dense: bias is the function checkFlag; it is true or false.'],
  ])('refuse the rest: %#', (check, message) => {
    expect(check).toThrow(new ConfigError(message));
  });
});
