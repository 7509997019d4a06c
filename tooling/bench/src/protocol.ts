// What the benchmark and the processes of its contenders say to each other, one JSON object a line.
import type { Task } from './workloads.ts';

export type Command =
  /** `fixture`: path of a safetensors file. */
  | { readonly do: 'prepare'; readonly task: Task; readonly fixture: string }
  /** Runs what is prepared `samples` × `runs` times. */
  | { readonly do: 'run'; readonly samples: number; readonly runs: number }
  | { readonly do: 'release' };

export interface Answer {
  /** To `prepare`: whether it has the means for the task. */
  readonly able?: boolean;
  /** To `prepare`: the value that all contenders should agree on. */
  readonly check?: number;
  /** To `run`: of every sample. */
  readonly milliseconds?: readonly number[];
  /** To `run`: of every sample what counts in place of its time, where the task has such a figure. */
  readonly figures?: readonly number[];
  readonly error?: string;
}
