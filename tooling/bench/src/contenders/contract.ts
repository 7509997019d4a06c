// What a contender is: a module with a function `open` that prepares tasks. Peers are such modules in plain JavaScript (../../peers).
import type { ModelDescription } from '../models.ts';
import type { Task } from '../workloads.ts';

/** Values of a fixture by name, row-major. */
export type Arrays = Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array | Int32Array }>>;

/** What a task is run on; the same for every contender. */
export interface Given {
  readonly task: Task;
  /** Of training and inference. */
  readonly model: ModelDescription | undefined;
  /** Training and inference: `x`, `y` (class indices) and the model's variables by path. Others: as {@link fixtureOf} names them. */
  readonly arrays: Arrays;
}

/** A task that can be run again and again. */
export interface Prepared {
  /** Returns when the result is computed; a promise when that is not at once. */
  run(): unknown;
  /** What shows that it computes what the others do: the loss of the first step, or the sum of the result. */
  readonly check?: number;
  dispose?(): unknown;
}

export interface Contender {
  /** @returns undefined for a task it has no means for */
  prepare(given: Given): Promise<Prepared | undefined>;
}

export interface ContenderOptions {
  readonly threads: number;
  /** Whether experimental flags of V8 may be set. */
  readonly flags: boolean;
}

/** What a module of a contender exports. */
export interface ContenderModule {
  open(options: ContenderOptions): Promise<Contender>;
}
