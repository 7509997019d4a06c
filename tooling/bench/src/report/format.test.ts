import { expect, test } from 'vitest';
import { markdownTable, percent, shortNumber } from './format.ts';

test('numbers keep the digits that matter', () => {
  expect([0.0053, 0.0534, 1.084, 9.996, 22.44, 100, 3454, 0, Number.NaN].map(shortNumber)).toEqual([
    '0.00530',
    '0.0534',
    '1.08',
    '10.00',
    '22.4',
    '100',
    '3454',
    '0',
    'NaN',
  ]);
  expect(percent(0.617)).toBe('62 %');
});

test('tables are aligned', () => {
  expect(
    markdownTable(
      ['what', 'ms'],
      [
        ['step', '1.25'],
        ['a longer one', '3'],
      ],
    ),
  ).toBe(['| what         |   ms |', '| ------------ | ---: |', '| step         | 1.25 |', '| a longer one |    3 |'].join('\n'));
});
