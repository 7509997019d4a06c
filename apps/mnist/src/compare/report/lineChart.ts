// A chart of lines as an SVG that is readable on light and on dark pages.
import type { Axis, Mark, Scale, Spec } from 'vega';
import { View, parse } from 'vega';
import type { Curve } from '../curves.ts';
import { escapeHtml } from './escapeHtml.ts';

export interface LineChart {
  readonly title: string;
  /** One line each, as {@link lineStyle} says. */
  readonly curves: readonly Curve[];
  readonly xTitle: string;
  /** Smallest and largest x. */
  readonly xDomain: readonly [number, number];
  /** `log` where ratios matter; then all values are above 0. */
  readonly yScale: 'linear' | 'log';
  readonly yDomain: readonly [number, number];
  /** Of numbers on the axis, in the notation of d3-format. */
  readonly yFormat: string;
}

/** With axes and title. */
const width = 420;
const height = 290;
const ticks = 5;
const font = 'system-ui, sans-serif';

/** Told apart by people who see colours differently, and on light and dark alike. */
const palette = ['#2f81f7', '#db6d28', '#2da44e', '#bf3989', '#9a6700', '#1b9aaa', '#8250df', '#cf222e'];

/** How line number `index` looks: with more lines than colours these come again, dashed. */
export interface LineStyle {
  readonly colour: string;
  readonly dashed: boolean;
}

export function lineStyle(index: number): LineStyle {
  return { colour: palette[index % palette.length]!, dashed: Math.floor(index / palette.length) % 2 === 1 };
}

export async function lineChart(chart: LineChart): Promise<string> {
  const svg = await new View(parse(specification(chart)), { renderer: 'none' }).toSVG();
  // Sizes are the page's to choose.
  return svg.replace(/ width="\d+" height="\d+"/, ` role="img" aria-label="${escapeHtml(chart.title)}"`);
}

function specification({ title, curves, xTitle, xDomain, yScale, yDomain, yFormat }: LineChart): Spec {
  const lines = curves.map(({ points }, index) => ({ points, ...lineStyle(index), name: `line${index}` }));
  const scales: Scale[] = [
    { name: 'x', type: 'linear', range: 'width', domain: [...xDomain] },
    // A logarithmic scale that ended at powers of ten would be empty for the most part.
    { name: 'y', type: yScale, range: 'height', domain: [...yDomain], ...(yScale === 'linear' ? { zero: false, nice: ticks } : {}) },
  ];
  const yTicks = yScale === 'linear' ? { tickCount: ticks } : { values: roundNumbers(yDomain) };
  const axes: Axis[] = [
    { scale: 'x', orient: 'bottom', title: xTitle, tickCount: ticks, offset: 4 },
    { scale: 'y', orient: 'left', grid: true, format: yFormat, ...yTicks },
  ];
  return {
    width,
    height,
    padding: 8,
    // The same size whatever the axis needs, so that charts side by side agree.
    autosize: { type: 'fit', contains: 'padding' },
    title: { text: title, anchor: 'start', frame: 'group', offset: 12 },
    data: lines.map(({ name, points }) => ({ name, values: [...points] })),
    scales,
    axes,
    // Every band is behind every line.
    marks: [...lines.map(bandOf), ...lines.flatMap(lineOf)],
    config: {
      background: 'transparent',
      title: { color: 'currentColor', font, fontSize: 14 },
      axis: {
        labelColor: 'currentColor',
        titleColor: 'currentColor',
        labelFont: font,
        titleFont: font,
        labelFontSize: 12,
        titleFontSize: 12,
        titleFontWeight: 'normal',
        labelOverlap: 'parity',
        domain: false,
        ticks: false,
        labelPadding: 6,
        gridColor: 'currentColor',
        gridOpacity: 0.15,
      },
    },
  };
}

interface Line extends LineStyle {
  readonly name: string;
  readonly points: readonly unknown[];
}

const x = { scale: 'x', field: 'x' } as const;
const y = (field: string) => ({ scale: 'y', field }) as const;

/** From the lowest to the highest seed. */
function bandOf({ name, colour }: Line): Mark {
  const encode = { x, y: y('low'), y2: y('high'), fill: { value: colour }, fillOpacity: { value: 0.18 } };
  return { type: 'area', from: { data: name }, encode: { enter: encode } };
}

/** The line, and its points where they are few. */
function lineOf({ name, colour, dashed, points }: Line): Mark[] {
  const dash = dashed ? { strokeDash: { value: [6, 3] } } : {};
  const stroke = { stroke: { value: colour }, strokeWidth: { value: 2 }, ...dash };
  const line: Mark = { type: 'line', from: { data: name }, encode: { enter: { x, y: y('y'), ...stroke } } };
  if (points.length > fewPoints) return [line];
  return [
    line,
    { type: 'symbol', from: { data: name }, encode: { enter: { x, y: y('y'), fill: { value: colour }, size: { value: 36 } } } },
  ];
}

const fewPoints = 12;

/** 1, 2 and 5 times powers of ten, from the smallest to the largest; only the powers where that are many. */
function roundNumbers([low, high]: readonly [number, number]): number[] {
  const powers = Array.from(
    { length: Math.floor(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, index) => Math.floor(Math.log10(low)) + index,
  );
  const within = (factors: readonly number[]): number[] =>
    powers.flatMap((power) => factors.map((factor) => factor * 10 ** power)).filter((value) => value >= low && value <= high);
  const all = within([1, 2, 5]);
  return all.length > 2 * ticks ? within([1]) : all;
}
