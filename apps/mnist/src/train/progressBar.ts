// Progress of training on a terminal: a bar that moves below the lines of the epochs that are done.
import type { Callback, StepEvent } from '@nn/kit';
import { SingleBar } from 'cli-progress';
import type { Output } from '../commandLine/io.ts';
import { clockText, countText } from '../commandLine/texts.ts';

/** Columns of everything but the bar, and what the bar may have of the rest. */
const figuresWidth = 68;
const barWidth = { least: 8, most: 40 };

/** A progress bar that follows a run. It has the last line of the terminal while it is there. */
export class ProgressBar {
  readonly #bar: SingleBar;
  #active = false;
  #lastEpoch = 0;
  #begun = 0;

  /** @param label before the epoch: which run it is, of several */
  constructor(stream: Output, label = '') {
    this.#bar = new SingleBar({
      stream,
      format: `${label}epoch {epoch} {bar} {figures}`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: Math.max(barWidth.least, Math.min(barWidth.most, (stream.columns || 80) - figuresWidth - label.length)),
      hideCursor: true,
      clearOnComplete: true,
    });
  }

  /** To be called first, so that the lines of other callbacks find their place. */
  readonly callback: Callback = (event) => {
    if (event.type === 'runStart') {
      this.#lastEpoch = event.lastEpoch;
      this.#begun = performance.now();
    } else if (event.type === 'step') this.#show(event);
    else if (event.type !== 'compile') this.clear();
  };

  /** Takes the bar away. */
  clear(): void {
    if (this.#active) this.#bar.stop();
    this.#active = false;
  }

  #show(event: StepEvent): void {
    const { epoch, batch, batches = batch } = event;
    const payload = { epoch: `${epoch}/${this.#lastEpoch}`, figures: this.#figures(event) };
    if (!this.#active) this.#bar.start(batches, 0, payload);
    this.#active = true;
    this.#bar.update(batch, payload);
  }

  #figures({ epoch, step, batch, batches = batch, figures, samplesPerSecond }: StepEvent): string {
    const stepsLeft = batches - batch + (this.#lastEpoch - epoch) * batches;
    const secondsLeft = (((performance.now() - this.#begun) / step) * stepsLeft) / 1000;
    return [
      `loss ${figures.loss.toFixed(3)}`,
      `accuracy ${(100 * (figures['accuracy'] ?? 0)).toFixed(1)} %`,
      `${countText(samplesPerSecond)} samples/s`,
      `${clockText(secondsLeft)} left`,
    ].join('  ');
  }
}
