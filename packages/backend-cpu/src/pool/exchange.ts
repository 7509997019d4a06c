// Answers of a worker, given to those who wait for them in the order of the questions.
import type { TypedArray } from '@nn/core';
import { RunFailure } from '../wasm/runFailure.ts';
import type { Report } from './messages.ts';

interface Waiting {
  resolve(values: TypedArray | undefined): void;
  reject(error: Error): void;
}

export class Exchange {
  #waiting: Waiting[] = [];

  /** The next answer that nobody waits for yet: values, or undefined for a run that is done. @throws RunFailure */
  next(): Promise<TypedArray | undefined> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  answer(report: Report): void {
    if (report.report === 'ready') return;
    const waiting = this.#waiting.shift();
    if (report.report === 'failed') waiting?.reject(new RunFailure(report.message, report.command));
    else waiting?.resolve(report.report === 'values' ? report.values : undefined);
  }

  /** No answer will come any more. */
  fail(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(error);
  }
}
