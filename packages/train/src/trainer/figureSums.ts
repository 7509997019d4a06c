// Loss and metrics added up over batches, each batch weighted by its rows.
import type { Metric } from '@nn/core';
import type { Evaluation } from '../history.ts';
import { figuresOf } from '../programs/objective.ts';

/** The sums as plain data, for checkpoints. */
export interface FigureData {
  readonly rows: number;
  /** Sum over the samples. */
  readonly loss: number;
  /** By output name: `metric/accuracy/correct`. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** What one batch adds. */
export interface BatchFigures {
  readonly rows: number;
  /** Mean over the rows. */
  readonly loss: number;
  readonly metrics: ReadonlyMap<string, number>;
}

export class FigureSums {
  #rows = 0;
  #loss = 0;
  readonly #metrics = new Map<string, number>();

  static from({ rows, loss, metrics }: FigureData): FigureSums {
    const sums = new FigureSums();
    sums.#rows = rows;
    sums.#loss = loss;
    for (const [name, value] of Object.entries(metrics)) sums.#metrics.set(name, value);
    return sums;
  }

  get rows(): number {
    return this.#rows;
  }

  add({ rows, loss, metrics }: BatchFigures): void {
    this.#rows += rows;
    this.#loss += loss * rows;
    for (const [name, value] of metrics) this.#metrics.set(name, (this.#metrics.get(name) ?? 0) + value);
  }

  /** Mean loss and the figures of the metrics. */
  figures(metrics: readonly Metric[]): Evaluation {
    return { loss: this.#loss / this.#rows, ...figuresOf(metrics, this.#metrics) };
  }

  toData(): FigureData {
    return { rows: this.#rows, loss: this.#loss, metrics: Object.fromEntries(this.#metrics) };
  }
}
