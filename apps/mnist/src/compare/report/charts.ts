// The charts of a report: which curves, on which scale, and how they are read.
import type { Comparison } from '../results.ts';
import type { Curve } from '../curves.ts';
import { accuracyCurves, gradientCurves, layerCurves, layerTitles, lossCurves } from '../curves.ts';
import type { LineChart } from './lineChart.ts';
import { lineChart } from './lineChart.ts';

/** A part of a report. */
export interface Section {
  readonly title: string;
  readonly text: string;
  /** SVGs. */
  readonly charts: readonly string[];
}

export async function chartSections({ variants, plan }: Comparison): Promise<readonly Section[]> {
  const epochs = Math.max(...plan.variants.map(({ settings }) => settings.epochs));
  const draw = async (title: string, curves: readonly Curve[], options: ScaleOptions): Promise<string> =>
    lineChart({ title, curves, xTitle: 'epochs', xDomain: [0, epochs], ...scaleFor(options) });
  const layers = layerTitles(variants);
  const perLayer = async (figure: 'mean' | 'deviation' | 'dead', yFormat: string, yScale: 'linear' | 'log'): Promise<string[]> => {
    const all = layers.map((_, layer) => layerCurves(variants, layer, figure));
    // All layers on one scale, so that they can be compared.
    return Promise.all(all.map((curves, layer) => draw(layers[layer]!, curves, { over: all.flat(), yScale, yFormat })));
  };
  const [losses, accuracies, gradients] = [lossCurves(variants), accuracyCurves(variants), gradientCurves(variants)];
  const learning = [
    await draw('training loss', losses, { over: losses, yScale: 'log', yFormat: '~g' }),
    await draw('test accuracy', accuracies, { over: accuracies, yScale: 'linear', yFormat: '~%' }),
    await draw('length of the gradient', gradients, { over: gradients, yScale: 'log', yFormat: '~g' }),
  ];
  const sections: Section[] = [
    {
      title: 'Learning',
      text: 'Lines are means of the seeds, bands reach from the lowest to the highest of them. Loss and gradient are means over neighbouring steps.',
      charts: learning,
    },
  ];
  if (layers.length === 0) return sections;
  return [
    ...sections,
    {
      title: 'Spread of the activations',
      text: 'Standard deviation of what the units of a hidden layer give, over 500 training images in inference. Where it shrinks from layer to layer, signals and gradients vanish; where it grows, they explode.',
      charts: await perLayer('deviation', '~g', 'linear'),
    },
    { title: 'Mean of the activations', text: 'The mean of the same values.', charts: await perLayer('mean', '~g', 'linear') },
    {
      title: 'Dead units',
      text: 'Part of the units, or of the channels of a convolution, that give the same value for all 500 images: ReLUs that are never active, sigmoids that are saturated. They pass on nothing, and what is flat has no gradient.',
      charts: await perLayer('dead', '~%', 'linear'),
    },
  ];
}

interface ScaleOptions {
  /** The curves that have to fit. */
  readonly over: readonly Curve[];
  readonly yScale: 'linear' | 'log';
  readonly yFormat: string;
}

/** A scale that holds all points and bands. Zero has no logarithm, so with it the scale is linear. */
function scaleFor({ over, yScale, yFormat }: ScaleOptions): Pick<LineChart, 'yScale' | 'yDomain' | 'yFormat'> {
  const points = over.flatMap(({ points: own }) => own);
  const low = Math.min(...points.map((point) => point.low));
  const high = Math.max(...points.map((point) => point.high));
  if (points.length === 0) return { yScale: 'linear', yDomain: [0, 1], yFormat };
  if (low === high) return { yScale: 'linear', yDomain: low === 0 ? [0, 1] : [Math.min(0, low), Math.max(0, high)], yFormat };
  return { yScale: low > 0 ? yScale : 'linear', yDomain: [low, high], yFormat };
}
