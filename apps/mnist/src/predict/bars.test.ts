// Probabilities as text.
import { expect, it } from 'vitest';
import { drawProbabilities, indexOfLargest } from './bars.ts';

it('draws a bar for each class and points at the largest', () => {
  expect(drawProbabilities([0, 0.0125, 0.9875])).toBe(
    [`0  ${' '.repeat(30)}   0.0 %`, `1  ▍${' '.repeat(29)}   1.3 %`, `2  ${'█'.repeat(29)}▋  98.8 %  ←`].join('\n'),
  );
});

it('aligns the numbers of many classes', () => {
  const lines = drawProbabilities(new Array(12).fill(1 / 12)).split('\n');
  expect(lines[0]).toMatch(/^ 0 /);
  expect(lines[11]).toMatch(/^11 /);
});

it('finds the first of the largest numbers', () => {
  expect(indexOfLargest([1, 3, 3])).toBe(1);
  expect(indexOfLargest([-2, -1])).toBe(1);
});
