// Loss and metrics added up over batches, each batch weighted by its rows.
import type { AnyMetric, Figure, NestedNumbers } from '@nn/core';
import { NdArray, ShapeError, ndarray, sameShape, specText } from '@nn/core';
import type { Evaluation } from '../history.ts';
import { figuresOf } from '../programs/objective.ts';

/** The sums as plain data, for checkpoints. */
export interface FigureData {
  readonly rows: number;
  /** Sum over the samples. */
  readonly loss: number;
  /** By output name: `metric/accuracy/correct`. */
  readonly metrics: Readonly<Record<string, NestedNumbers>>;
}

/** What one batch adds. */
export interface BatchFigures {
  readonly rows: number;
  /** Mean over the rows. */
  readonly loss: number;
  readonly metrics: ReadonlyMap<string, NdArray>;
}

export class FigureSums {
  #rows = 0;
  #loss = 0;
  /** As float64. */
  readonly #metrics = new Map<string, NdArray>();

  static from({ rows, loss, metrics }: FigureData): FigureSums {
    const sums = new FigureSums();
    sums.#rows = rows;
    sums.#loss = loss;
    for (const [name, value] of Object.entries(metrics)) sums.#metrics.set(name, added(undefined, ndarray(value), name));
    return sums;
  }

  get rows(): number {
    return this.#rows;
  }

  add({ rows, loss, metrics }: BatchFigures): void {
    this.#rows += rows;
    this.#loss += loss * rows;
    for (const [name, value] of metrics) this.#metrics.set(name, added(this.#metrics.get(name), value, name));
  }

  /** Mean loss and what the metrics come to. */
  evaluation(metrics: readonly AnyMetric[]): Evaluation<Figure> {
    return { loss: this.#loss / this.#rows, ...figuresOf(metrics, this.#metrics) };
  }

  /** Those that are numbers. */
  figures(metrics: readonly AnyMetric[]): Evaluation {
    return Object.fromEntries(Object.entries(this.evaluation(metrics)).filter(([, figure]) => typeof figure === 'number')) as Evaluation;
  }

  toData(): FigureData {
    return {
      rows: this.#rows,
      loss: this.#loss,
      metrics: Object.fromEntries([...this.#metrics].map(([name, value]) => [name, value.toArray()])),
    };
  }
}

/** @throws ShapeError for a metric whose sums change their shape from batch to batch */
function added(sum: NdArray | undefined, value: NdArray, name: string): NdArray {
  if (sum !== undefined && !sameShape(sum.shape, value.shape)) {
    throw new ShapeError(`${name} is ${specText(value)} and was ${specText(sum)} in a batch before; a sum has one shape.`);
  }
  const total = Float64Array.from(value.data, (element, index) => element + (sum?.data[index] ?? 0));
  return new NdArray(total, value.shape, 'f32');
}
