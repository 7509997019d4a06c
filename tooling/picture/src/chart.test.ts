import { expect, test } from 'vitest';
import { chart } from './chart.ts';

const runs = [
  { name: 'one', accuracies: [0.5, 0.75] },
  { name: 'other', accuracies: [0.6, 0.9] },
];

test('a line with its name and last value for each run', async () => {
  const svg = await chart(runs, { title: 'Title', subtitle: ['Subtitle'] });
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  expect(texts).toEqual(expect.arrayContaining(['Title', 'Subtitle', '75.0 % one', '90.0 % other']));
  expect(svg.match(/class="mark-line /g)).toHaveLength(2);
});

test('text follows the colours of the page', async () => {
  const svg = await chart(runs, { title: 'Title', subtitle: ['Subtitle'] });
  expect(svg).toContain('prefers-color-scheme:dark');
  expect(svg).not.toMatch(/<text[^>]*fill="(?!currentColor|#2f81f7|#db6d28)/);
});
