// The README's picture: test accuracy over the epochs, one line for each run.
import * as vega from 'vega';
import type { TopLevelSpec } from 'vega-lite';
import { compile } from 'vega-lite';

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
  const values = runs.flatMap(({ name, accuracies }) => accuracies.map((accuracy, index) => ({ name, epoch: index + 1, accuracy })));
  const view = new vega.View(vega.parse(compile(specification(values, texts)).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  return `${svg.replace('>', `>${style}`)}\n`;
}

// Everything but the lines is drawn in the colour of the text.
const style = '<style>svg{color:#1f2328;background:#fff}@media(prefers-color-scheme:dark){svg{color:#e6edf3;background:#0d1117}}</style>';

function specification(values: readonly object[], { title, subtitle }: Texts): TopLevelSpec {
  const last = Math.max(...values.map((value) => ('epoch' in value ? Number(value.epoch) : 0)));
  return {
    width: 440,
    height: 280,
    padding: 16,
    title: { text: title, subtitle: [...subtitle], anchor: 'start', offset: 16 },
    data: { values: [...values] },
    encoding: {
      x: { field: 'epoch', type: 'ordinal', title: 'epoch', axis: { labelAngle: 0 } },
      y: { field: 'accuracy', type: 'quantitative', title: 'test accuracy', axis: { format: '.0%', tickCount: 6 }, scale: { zero: false } },
      color: { field: 'name', legend: null, sort: null, scale: { range: ['#2f81f7', '#db6d28'] } },
    },
    layer: [
      { mark: { type: 'line', point: { size: 50 }, strokeWidth: 2.5 } },
      {
        transform: [{ filter: `datum.epoch === ${last}` }, { calculate: "format(datum.accuracy, '.1%') + ' ' + datum.name", as: 'label' }],
        mark: { type: 'text', align: 'left', dx: 10, fontSize: 13 },
        encoding: { text: { field: 'label' } },
      },
    ],
    config: {
      background: 'transparent',
      font: 'system-ui, sans-serif',
      view: { stroke: null },
      title: { color: 'currentColor', subtitleColor: 'currentColor', fontSize: 16, subtitleFontSize: 12, subtitlePadding: 6 },
      axis: {
        labelColor: 'currentColor',
        titleColor: 'currentColor',
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
