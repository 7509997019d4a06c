// The training loss as a curve of text.
import type { Callback } from '@nn/kit';
import { plot } from 'asciichart';

const height = 8;
/** Columns that the axis takes. */
const axisWidth = 12;

/** Collects the losses of a run. */
export class LearningCurve {
  readonly #losses: number[] = [];

  readonly callback: Callback = (event) => {
    if (event.type === 'step') this.#losses.push(event.loss);
  };

  /** The curve with its title, at most `columns` wide; empty when there are too few steps for one. */
  draw(columns: number): string {
    const points = means(this.#losses, Math.max(2, Math.min(64, columns - axisWidth)));
    if (points.length < 2) return '';
    const chart = plot(points, { height, format: (value) => value.toFixed(3).padStart(axisWidth - 4) });
    return `training loss over ${this.#losses.length} steps\n${chart}`;
  }
}

/** At most `count` means of parts of equal length, in order. */
function means(values: readonly number[], count: number): number[] {
  const parts = Math.min(count, values.length);
  return Array.from({ length: parts }, (_, part) => {
    const slice = values.slice(Math.floor((part * values.length) / parts), Math.floor(((part + 1) * values.length) / parts));
    return slice.reduce((sum, value) => sum + value, 0) / slice.length;
  });
}
