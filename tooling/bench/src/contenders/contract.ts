// What a contender is: a module with a function `open` that prepares tasks. Peers are such modules in plain JavaScript (../../peers).
import type { ModelDescription } from '../models.ts';
import type { Task } from '../workloads.ts';

/** Values of a fixture by name, row-major. */
export type Arrays = Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array | Int32Array | Uint8Array }>>;

/** What a task is run on; the same for every contender. */
export interface Given {
  readonly task: Task;
  /** Of tasks with a network. */
  readonly model: ModelDescription;
  /** With a network: `x`, `y` (class indices) and the model's variables by path. Others: as the fixtures name them. */
  readonly arrays: Arrays;
}

/** A task that can be run again and again. */
export interface Prepared {
  /**
   * Returns when the result is computed; a promise when that is not at once. A number, given at once or by the promise, is the figure that
   * counts in place of the milliseconds it took.
   */
  run(): unknown;
  /** What shows that it computes what the others do: the loss of the first step, or the sum of the result. */
  readonly check?: number;
  dispose?(): unknown;
}

export interface Contender {
  /** @returns undefined for a task it has no means for */
  prepare(given: Given): Promise<Prepared | undefined>;
  /** Ends what would outlive the process. */
  close?(): Promise<void>;
}

export interface ContenderOptions {
  readonly threads: number;
  /** Whether experimental flags of V8 may be set. */
  readonly flags: boolean;
  /** Of a page: whether it is cross-origin isolated, so that it may have threads. */
  readonly isolated?: boolean;
}

/** What a module of a contender exports. */
export interface ContenderModule {
  open(options: ContenderOptions): Promise<Contender>;
  /**
   * The script that a process runs from import to first prediction, and then prints the milliseconds. Its arguments are the
   * path of the module, the options, a fixture and a description of the model.
   */
  readonly start?: URL;
}
