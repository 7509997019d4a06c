// The results of a comparison as rows of text, for the terminal and the report.
import { countText, durationText, lossText, percentText } from '../commandLine/texts.ts';
import type { Comparison, ResultRow } from './results.ts';
import type { Estimate } from './statistics.ts';
import type { Plan, Variant } from './variants.ts';

/** A header and a row for each variant: one column for each setting that differs, then figures. */
export function resultCells({ plan, variants, rows }: Comparison): readonly (readonly string[])[] {
  const several = plan.seeds.length > 1;
  const compared = rows.length > 1;
  const lost = rows.some(({ diverged }) => diverged > 0);
  const differs = compared ? [`against ${plan.variants[0]?.label ?? ''}`] : [];
  const header = ['test accuracy', ...differs, 'test loss', 'time of a run', ...(lost ? ['diverged'] : [])];
  const figures = ({ testAccuracy, testLoss, seconds, difference, diverged }: ResultRow): string[] => [
    scatterText(testAccuracy, percentText, several),
    ...(compared ? [difference === undefined ? '' : differenceText(difference)] : []),
    scatterText(testLoss, lossText, several),
    Number.isNaN(seconds.mean) ? '' : durationText(seconds.mean),
    ...(lost ? [diverged === 0 ? '' : `${diverged} of ${variants[0]?.runs.length ?? 0}`] : []),
  ];
  return withNames(plan, header, rows.map(figures));
}

/** A header and a row for each variant: what its network holds, computes and keeps. */
export function costCells({ plan, rows }: Comparison): readonly (readonly string[])[] {
  const header = ['parameters', 'running statistics', 'operations', 'memory of training', 'as the lecture counts it'];
  const costs = rows.map(({ network: { trainable, buffers, operations, retained, predicted } }) => [
    ...[trainable, buffers, operations].map(countText),
    ...[retained, predicted].map((bytes) => `${(bytes / 1e6).toFixed(2)} MB`),
  ]);
  return withNames(plan, header, costs);
}

/** The columns with the settings that differ go before the others. */
function withNames(
  { axes, variants }: Plan,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const names = ({ label, differences }: Variant): readonly string[] => (axes.length === 0 ? [label] : Object.values(differences));
  return [[...(axes.length === 0 ? [''] : axes), ...header], ...rows.map((row, index) => [...names(variants[index]!), ...row])];
}

/** How the intervals are to be read. */
export function intervalNote({ plan, rows }: Comparison): string {
  const count = plan.seeds.length;
  if (count < 2) return 'One seed says nothing about others: give --seeds 5 for intervals.';
  const paired =
    rows.length > 1
      ? ' Differences are of runs with the same seed, which share starting values and batches where the settings allow it.'
      : '';
  return `Means of ${count} seeds with 95 % intervals (Student's t).${paired}`;
}

/** "97.61 % ± 0.20". */
function scatterText({ mean, interval }: Estimate, text: (value: number) => string, several: boolean): string {
  if (Number.isNaN(mean)) return 'none';
  if (interval === undefined) return several ? `${text(mean)} (one run)` : text(mean);
  return `${text(mean)} ± ${text((interval[1] - interval[0]) / 2).replace(' %', '')}`;
}

/** "+1.23 (0.98 to 1.48)": percentage points. */
function differenceText({ mean, interval }: Estimate): string {
  if (Number.isNaN(mean)) return 'none';
  const points = (value: number): string => (100 * value).toFixed(2);
  const signed = `${mean < 0 ? '' : '+'}${points(mean)}`;
  return interval === undefined ? `${signed} points` : `${signed} points (${points(interval[0])} to ${points(interval[1])})`;
}
