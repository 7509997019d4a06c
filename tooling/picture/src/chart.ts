// The README's picture: test accuracy over the epochs, one line for each run.
import type { Spec } from 'vega';
import { View, parse } from 'vega';

/** A run, by the name its line gets. */
export interface Run {
  readonly name: string;
  /** After each epoch, 0 to 1. */
  readonly accuracies: readonly number[];
}

export interface Texts {
  readonly title: string;
  /** Lines below the title. */
  readonly subtitle: readonly string[];
}

/** An SVG that is readable on light and on dark pages. */
export async function chart(runs: readonly Run[], texts: Texts): Promise<string> {
  const svg = await new View(parse(specification(runs, texts)), { renderer: 'none' }).toSVG();
  return `${svg.replace('>', `>${style}`)}\n`;
}

// Everything but the lines is drawn in the colour of the text.
const style = '<style>svg{color:#1f2328;background:#fff}@media(prefers-color-scheme:dark){svg{color:#e6edf3;background:#0d1117}}</style>';
const lineColours = ['#2f81f7', '#db6d28'];

function specification(runs: readonly Run[], { title, subtitle }: Texts): Spec {
  const points = runs.flatMap(({ name, accuracies }) => accuracies.map((accuracy, index) => ({ name, epoch: index + 1, accuracy })));
  const ends = runs.map(({ name, accuracies }) => {
    const accuracy = accuracies.at(-1) ?? 0;
    return { name, epoch: accuracies.length, accuracy, label: `${(accuracy * 100).toFixed(1)} % ${name}` };
  });
  const place = { x: { scale: 'x', field: 'epoch' }, y: { scale: 'y', field: 'accuracy' } } as const;
  const colour = { scale: 'colour', field: 'name' } as const;
  return {
    width: 440,
    height: 280,
    padding: 16,
    title: { text: title, subtitle: [...subtitle], anchor: 'start', frame: 'group', offset: 16 },
    data: [
      { name: 'points', values: points },
      { name: 'ends', values: ends },
    ],
    scales: [
      { name: 'x', type: 'point', range: 'width', padding: 0.5, domain: { data: 'points', field: 'epoch' } },
      { name: 'y', type: 'linear', range: 'height', zero: false, nice: 6, domain: { data: 'points', field: 'accuracy' } },
      { name: 'colour', type: 'ordinal', range: lineColours, domain: runs.map(({ name }) => name) },
    ],
    axes: [
      { scale: 'x', orient: 'bottom', title: 'epoch' },
      {
        scale: 'y',
        orient: 'left',
        title: 'test accuracy',
        tickCount: 6,
        grid: true,
        encode: { labels: { update: { text: { signal: "format(datum.value * 100, 'd') + ' %'" } } } },
      },
    ],
    marks: [
      {
        type: 'group',
        from: { facet: { name: 'run', data: 'points', groupby: 'name' } },
        marks: [
          { type: 'line', from: { data: 'run' }, encode: { enter: { ...place, stroke: colour, strokeWidth: { value: 2.5 } } } },
          { type: 'symbol', from: { data: 'run' }, encode: { enter: { ...place, fill: colour, size: { value: 50 } } } },
        ],
      },
      {
        type: 'text',
        from: { data: 'ends' },
        encode: {
          enter: {
            ...place,
            fill: colour,
            text: { field: 'label' },
            dx: { value: 10 },
            baseline: { value: 'middle' },
            fontSize: { value: 13 },
          },
        },
      },
    ],
    config: {
      background: 'transparent',
      title: {
        color: 'currentColor',
        subtitleColor: 'currentColor',
        font: fonts,
        subtitleFont: fonts,
        fontSize: 16,
        subtitleFontSize: 12,
        subtitlePadding: 6,
      },
      text: { font: fonts },
      axis: {
        labelColor: 'currentColor',
        titleColor: 'currentColor',
        labelFont: fonts,
        titleFont: fonts,
        labelFontSize: 12,
        titleFontSize: 12,
        titleFontWeight: 'normal',
        titlePadding: 10,
        domain: false,
        ticks: false,
        gridColor: 'currentColor',
        gridOpacity: 0.15,
      },
    },
  };
}

const fonts = 'system-ui, sans-serif';
