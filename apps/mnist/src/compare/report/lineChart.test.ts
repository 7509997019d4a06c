// Charts as text: their scales, what tells lines apart, and that nothing of a label becomes markup.
import { expect, it } from 'vitest';
import type { LineChart } from './lineChart.ts';
import { lineChart, lineStyle } from './lineChart.ts';

const points = [
  { x: 0, y: 2, low: 1.5, high: 2.5 },
  { x: 1, y: 0.03, low: 0.02, high: 0.04 },
];
const chart: LineChart = {
  title: 'loss',
  curves: [{ label: 'one', points }],
  xTitle: 'epochs',
  xDomain: [0, 1],
  yScale: 'log',
  yDomain: [0.02, 2.5],
  yFormat: '~g',
};
const textsOf = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);

it('a logarithmic scale has round numbers, within what is to be shown', async () => {
  expect(textsOf(await lineChart(chart))).toEqual(
    expect.arrayContaining(['loss', 'epochs', '0.02', '0.05', '0.1', '0.2', '0.5', '1', '2']),
  );
  const wide = textsOf(await lineChart({ ...chart, yDomain: [1e-6, 1e6] }));
  expect(wide).toEqual(expect.arrayContaining(['0.001', '1', '1000']));
  expect(wide).not.toContain('2');
});

it('a linear scale has them too', async () => {
  const texts = textsOf(await lineChart({ ...chart, yScale: 'linear', yDomain: [0.93, 0.98], yFormat: '~%' }));
  expect(texts).toEqual(expect.arrayContaining(['93%', '95%', '98%']));
});

it('has a line and a band for each curve, and dashes where colours come again', async () => {
  const curves = Array.from({ length: 9 }, (_, index) => ({ label: String(index), points }));
  const svg = await lineChart({ ...chart, curves });
  expect(svg.match(/class="mark-line /g)).toHaveLength(9);
  expect(svg.match(/class="mark-area /g)).toHaveLength(9);
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(1);
  expect(lineStyle(8)).toEqual({ ...lineStyle(0), dashed: true });
});

it('follows the colours of the page, and leaves its size to it', async () => {
  const svg = await lineChart({ ...chart, title: '<b> & "c"' });
  expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 420 290"/);
  expect(svg).not.toMatch(/^<svg [^>]* width=/);
  expect(svg).toContain('aria-label="&lt;b&gt; &amp; &quot;c&quot;"');
  expect(svg).not.toContain('<b>');
  expect(svg).not.toMatch(/<text[^>]*fill="(?!currentColor)/);
});
