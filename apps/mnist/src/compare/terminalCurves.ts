// The curves of a comparison as text: in one picture where colours tell them apart, else one below the other on one scale.
import { blue, cyan, green, lightred, magenta, plot, red, reset, yellow } from 'asciichart';
import type { Curve } from './curves.ts';

const colourCodes = [blue, red, green, yellow, magenta, cyan, lightred];
const height = 10;
/** Columns that the axis takes. */
const axisWidth = 12;

/** Of positive values, on a logarithmic scale. @param columns of the terminal; empty where there are too few points for a curve */
export function drawCurves(curves: readonly Curve[], title: string, { columns, colours }: { columns: number; colours: boolean }): string {
  const width = Math.max(2, Math.min(64, columns - axisWidth));
  const drawn = curves
    .map(({ label, points }) => ({ label, values: stretched(logarithms(points), width) }))
    .filter(({ values }) => values.length > 1);
  if (drawn.length === 0) return '';
  const all = drawn.flatMap(({ values }) => values);
  const scale = { height, min: Math.min(...all), max: Math.max(...all), format: axisText };
  if (!colours) return drawn.map(({ label, values }) => `${title}, ${label}\n${plot(values, scale)}`).join('\n\n');
  const codes = drawn.map((_, index) => colourCodes[index % colourCodes.length]!);
  const legend = drawn.map(({ label }, index) => `${codes[index]}── ${label}${reset}`).join('  ');
  const chart = plot(
    drawn.map(({ values }) => values),
    { ...scale, colors: codes },
  );
  return `${title}\n${chart}\n${' '.repeat(axisWidth)}${legend}`;
}

function logarithms(points: Curve['points']): number[] {
  return points.map(({ y }) => Math.log10(y)).filter((value) => Number.isFinite(value));
}

function axisText(power: number): string {
  const value = 10 ** power;
  return (value < 1e4 ? value.toFixed(3) : value.toExponential(1)).padStart(axisWidth - 4);
}

/** A curve with `width` values: each is the one at its part of the way. */
function stretched(values: readonly number[], width: number): number[] {
  if (values.length < 2) return [];
  return Array.from({ length: width }, (_, column) => values[Math.round((column / (width - 1)) * (values.length - 1))]!);
}
