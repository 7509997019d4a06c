import { expect, test } from 'vitest';
import { matchPath } from './paths.ts';

test.each([
  ['**/kernel', 'kernel', true],
  ['**/kernel', 'block1/dense2/kernel', true],
  ['**/kernel', 'dense1/bias', false],
  ['dense*/kernel', 'dense12/kernel', true],
  ['dense*/kernel', 'block1/dense1/kernel', false],
  ['*/kernel', 'a/b/kernel', false],
  ['block1/**', 'block1/dense1/kernel', true],
  ['block1/**', 'block10/dense1/kernel', false],
  ['**', 'anything/at/all', true],
  ['a.c', 'abc', false],
])('%s on %s: %s', (glob, path, expected) => {
  expect(matchPath(glob, path)).toBe(expected);
});

test('an empty glob is a mistake', () => {
  expect(() => matchPath('', 'a')).toThrow(/matches every path/);
});
