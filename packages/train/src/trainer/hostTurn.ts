// Giving the event loop a turn: a backend that computes inline would otherwise keep timers, signals and rendering waiting all epoch.
import { nextTask } from '@nn/core';

/** Longest time that training keeps the event loop to itself, in milliseconds. */
const longestTurn = 30;

/** Waits for one turn of the event loop when the last one was long ago, else returns at once. */
export class HostTurn {
  #last = performance.now();

  async yieldIfDue(): Promise<void> {
    if (performance.now() - this.#last < longestTurn) return;
    await nextTask();
    this.#last = performance.now();
  }
}
