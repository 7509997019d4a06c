// What the gradient of `normalize` and its arguments agree on. AssemblyScript compiles this file too, so it holds plain integer constants.

/** Blocks of rows whose sums are added up apart: so many threads can share them, and the order of the sums is always the same. */
export const normalizeRowBlocks = 16;
/** Bytes per column and block: two sums in float64, and two in f32 on the way there. */
export const normalizeRowSumBytes = 24;
