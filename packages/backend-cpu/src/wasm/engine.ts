// What runs programs: the threads, wherever they are, and the memory they share.
import type { MemoryAccess } from './memory.ts';

export interface Engine {
  readonly memory: MemoryAccess;
  /** Threads that take part in a run. */
  readonly threads: number;
  /**
   * Runs the program at address `header`. Nothing else may be asked for until that is done: a promise where it is done elsewhere.
   * @param parallel whether the program has work for more than one thread
   * @throws RunFailure when a kernel failed, BackendError when a thread died
   */
  run(header: number, parallel: boolean): void | Promise<void>;
  dispose(): Promise<void>;
}
