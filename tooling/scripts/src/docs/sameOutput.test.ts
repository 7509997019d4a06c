import { expect, test } from 'vitest';
import { sameOutput } from './sameOutput.ts';

test.each([
  ['loss 0.12345', 'loss 0.12346'],
  ['{ loss: 1e-7, accuracy: 1 }', '{ loss: 1.001e-7, accuracy: 1 }'],
  ['f32[2] [-0.5, 3]', 'f32[2] [-0.49999997, 3]'],
  ['1', '0.9999999'],
])('%s is %s', (one, other) => {
  expect(sameOutput(one, other)).toBe(true);
});

test.each([
  ['loss 0.12345', 'loss 0.13345'],
  ['loss 0.12345', 'Loss 0.12345'],
  ['f32[2]', 'f32[3]'],
  ['7850 numbers', '7851 numbers'],
  ['-0.5', '0.5'],
  ['0.5', '0.5 '],
  ['0.5', 'NaN'],
  ['[0.5]', '[0.5, 0.5]'],
])('%s is not %s', (one, other) => {
  expect(sameOutput(one, other)).toBe(false);
});
