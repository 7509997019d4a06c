// What the sources of kernels depend on: the mode they are for.
import type { Dialect } from './dialect.ts';
import type { GridLimits } from './grid.ts';

export interface Target {
  readonly dialect: Dialect;
  readonly grid: GridLimits;
  /** The most arrays that one kernel reads. */
  readonly arrays: number;
  /**
   * How kernels have the numbers in which programs differ: as arguments, where compiling takes long and kernels are to be few, or in their
   * texts, which leaves more to the compiler.
   */
  readonly numbers: 'arguments' | 'texts';
}
