// What runs programs: the threads, wherever they are, and the memory they share.
import type { MemoryAccess } from './memory.ts';

/** A program as engines see it: what its runs have in common. */
export interface EngineProgram {
  /** Whether there is work for more than one thread. */
  readonly parallel: boolean;
}

export interface Engine {
  readonly memory: MemoryAccess;
  /** Threads that take part in a run. */
  readonly threads: number;
  /**
   * Runs the program whose header is at that address: one of several, for several sets of buffers. Nothing else may be asked for until that
   * is done: a promise where it is done elsewhere.
   * @throws RunFailure when a kernel failed, BackendError when a thread died
   */
  run(header: number, program: EngineProgram): void | Promise<void>;
  dispose(): Promise<void>;
}
