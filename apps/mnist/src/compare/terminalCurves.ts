// The curves of a comparison as text: in one picture where colours tell them apart, else one below the other on one scale.
import { blue, cyan, green, lightred, magenta, plot, red, reset, yellow } from 'asciichart';
import type { Curve } from './curves.ts';

const colourCodes = [blue, red, green, yellow, magenta, cyan, lightred];
const height = 10;
/** Columns that the axis takes. */
const axisWidth = 12;

/** @param columns of the terminal; empty where there are too few points for a curve */
export function drawCurves(curves: readonly Curve[], title: string, { columns, colours }: { columns: number; colours: boolean }): string {
  const width = Math.max(2, Math.min(64, columns - axisWidth));
  const drawn = curves
    .map(({ label, points }) => ({
      label,
      values: stretched(
        points.map(({ y }) => y),
        width,
      ),
    }))
    .filter(({ values }) => values.length > 1);
  if (drawn.length === 0) return '';
  const all = drawn.flatMap(({ values }) => values);
  const scale = {
    height,
    min: Math.min(...all),
    max: Math.max(...all),
    format: (value: number) => value.toFixed(3).padStart(axisWidth - 4),
  };
  if (!colours) return drawn.map(({ label, values }) => `${title}, ${label}\n${plot(values, scale)}`).join('\n\n');
  const codes = drawn.map((_, index) => colourCodes[index % colourCodes.length]!);
  const legend = drawn.map(({ label }, index) => `${codes[index]}── ${label}${reset}`).join('  ');
  return `${title}\n${plot(
    drawn.map(({ values }) => values),
    { ...scale, colors: codes },
  )}\n${' '.repeat(axisWidth)}${legend}`;
}

/** A curve with `width` values: each is the one at its part of the way. */
function stretched(values: readonly number[], width: number): number[] {
  if (values.length < 2) return [];
  return Array.from({ length: width }, (_, column) => values[Math.round((column / (width - 1)) * (values.length - 1))]!);
}
