// Counting within an epoch: batches, figures, time.
import type { BatchFigures } from './figureSums.ts';
import { FigureSums } from './figureSums.ts';
import type { EpochPlan, EpochProgress } from './state.ts';

/** How far an epoch is. */
export class Progress {
  readonly sums: FigureSums;
  readonly #plan: EpochPlan;
  readonly #secondsBefore: number;
  readonly #start = performance.now();
  #leftOut = 0;
  #started: number;
  #settled: number;

  constructor(plan: EpochPlan, interrupted: EpochProgress | undefined) {
    this.#plan = plan;
    this.#started = interrupted?.batches ?? 0;
    this.#settled = this.#started;
    this.#secondsBefore = interrupted?.seconds ?? 0;
    this.sums = interrupted === undefined ? new FigureSums() : FigureSums.from(interrupted.figures);
  }

  /** Batches handed to the device. */
  get started(): number {
    return this.#started;
  }

  /** Batches whose figures have arrived. */
  get settled(): number {
    return this.#settled;
  }

  /** Wall time of the steps; compiling is not counted. */
  get seconds(): number {
    return this.#secondsBefore + Math.max(0, (performance.now() - this.#start) / 1000 - this.#leftOut);
  }

  get samplesPerSecond(): number {
    return this.sums.rows / Math.max(this.seconds, Number.EPSILON);
  }

  /** Counts a batch that is handed over now. */
  begin(): EpochProgress {
    this.#started += 1;
    return this.toData();
  }

  /** Adds the figures of a batch, unless it was skipped. */
  end(figures: BatchFigures | undefined): void {
    this.#settled += 1;
    if (figures !== undefined) this.sums.add(figures);
  }

  leaveOut(seconds: number): void {
    this.#leftOut += seconds;
  }

  /** What changes when figures arrive. */
  get arrived(): Pick<EpochProgress, 'figures' | 'seconds'> {
    return { figures: this.sums.toData(), seconds: this.seconds };
  }

  /** The batches that were started, because their variables are written; figures on their way are not in it. */
  toData(): EpochProgress {
    return { plan: this.#plan, batches: this.#started, ...this.arrived };
  }
}
