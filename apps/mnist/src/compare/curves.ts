// Curves of a comparison: for each variant the mean over its seeds, and how far they are apart.
import type { RunRecord } from './records.ts';
import { meanOf } from './statistics.ts';
import type { VariantRuns } from './results.ts';

export interface Point {
  /** Epochs done. */
  readonly x: number;
  readonly y: number;
  /** The lowest and the highest of the seeds. */
  readonly low: number;
  readonly high: number;
}

export interface Curve {
  readonly label: string;
  readonly points: readonly Point[];
}

type Series = readonly { readonly x: number; readonly y: number }[];

/** Points of a curve of single steps, at most. */
const mostPoints = 60;

export function lossCurves(variants: readonly VariantRuns[]): Curve[] {
  return variants.map((runs) =>
    curveOf(runs, ({ steps }) => smoothed(steps.map(({ step, batches, loss }) => ({ x: step / batches, y: loss })))),
  );
}

export function gradientCurves(variants: readonly VariantRuns[]): Curve[] {
  return variants.map((runs) =>
    curveOf(runs, ({ steps }) => smoothed(steps.map(({ step, batches, gradientNorm }) => ({ x: step / batches, y: gradientNorm })))),
  );
}

export function accuracyCurves(variants: readonly VariantRuns[]): Curve[] {
  return variants.map((runs) =>
    curveOf(runs, ({ epochs }) => epochs.map(({ epoch, validationAccuracy }) => ({ x: epoch, y: validationAccuracy }))),
  );
}

/** A figure of the hidden layer with that number, counted from 0. Variants without it have no points. */
export function layerCurves(variants: readonly VariantRuns[], layer: number, figure: 'mean' | 'deviation' | 'dead'): Curve[] {
  return variants.map((runs) =>
    curveOf(runs, ({ layers }) =>
      layers.flatMap(({ epochs, layers: figures }) => (figures[layer] === undefined ? [] : [{ x: epochs, y: figures[layer][figure] }])),
    ),
  );
}

/** The hidden layers that any variant has, by what they are called. */
export function layerTitles(variants: readonly VariantRuns[]): string[] {
  const paths = variants.map(({ runs }) => runs[0]?.layers[0]?.layers.map(({ path }) => path) ?? []);
  const count = Math.max(0, ...paths.map(({ length }) => length));
  return Array.from({ length: count }, (_, layer) => {
    const names = new Set(paths.flatMap((own) => own.slice(layer, layer + 1)));
    return `hidden layer ${layer + 1} (${[...names].join(' or ')})`;
  });
}

function curveOf({ variant, runs }: VariantRuns, seriesOf: (run: RunRecord) => Series): Curve {
  const byPlace = new Map<number, number[]>();
  for (const run of runs) {
    for (const { x, y } of seriesOf(run)) if (Number.isFinite(y)) byPlace.set(x, [...(byPlace.get(x) ?? []), y]);
  }
  const points = [...byPlace].map(([x, values]) => ({ x, y: meanOf(values), low: Math.min(...values), high: Math.max(...values) }));
  return { label: variant.label, points: points.toSorted((a, b) => a.x - b.x) };
}

/** Means of neighbours, equally many, so that noise of single steps does not hide the course. */
function smoothed(series: Series): Series {
  const parts = Math.min(mostPoints, series.length);
  return Array.from({ length: parts }, (_, part) => {
    const own = series.slice(Math.floor((part * series.length) / parts), Math.floor(((part + 1) * series.length) / parts));
    return { x: meanOf(own.map(({ x }) => x)), y: meanOf(own.map(({ y }) => y)) };
  });
}
