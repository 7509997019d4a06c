// What a run shows while it goes on: a bar, lines and a curve on a terminal, lines elsewhere.
import type { Callback } from '@nn/kit';
import { logProgress } from '@nn/kit';
import type { Io } from '../commandLine/io.ts';
import { writeLine } from '../commandLine/io.ts';
import { LearningCurve } from './learningCurve.ts';
import { ProgressBar } from './progressBar.ts';

export interface Display {
  readonly callbacks: readonly Callback[];
  /** Shows the curve of the losses, where there is room for one. */
  finish(): void;
  /** Leaves the terminal as it was; also after a failure. */
  close(): void;
}

export function displayOn({ stdout }: Io): Display {
  const lines = logProgress({ write: (line) => writeLine(stdout, line) });
  if (stdout.isTTY !== true) return { callbacks: [lines], finish() {}, close() {} };
  const bar = new ProgressBar(stdout);
  const curve = new LearningCurve();
  return {
    // The bar first: it makes room for the lines.
    callbacks: [bar.callback, lines, curve.callback],
    finish() {
      const drawn = curve.draw(stdout.columns || 80);
      if (drawn !== '') writeLine(stdout, `\n${drawn}\n`);
    },
    close: () => bar.clear(),
  };
}
