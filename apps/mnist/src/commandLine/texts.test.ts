// Numbers as people read them.
import { expect, it } from 'vitest';
import { clockText, countText, durationText, percentText } from './texts.ts';

it('writes counts, parts, durations and times', () => {
  expect(countText(23_099.6)).toBe('23,100');
  expect(percentText(0.97845)).toBe('97.84 %');
  expect([0, 8.44, 9.99, 44.6, 59.9, 185].map(durationText)).toEqual(['0.0 s', '8.4 s', '10 s', '45 s', '1 min 00 s', '3 min 05 s']);
  expect([0.4, 59.6, 185].map(clockText)).toEqual(['0:00', '1:00', '3:05']);
});
