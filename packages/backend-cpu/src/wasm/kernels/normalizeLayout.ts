// What the kernels of `normalize` and their arguments agree on. AssemblyScript compiles this file too, so it holds plain integer constants.

/** Columns that are done together, row by row: a row of so many is long enough to be fetched ahead. */
export const normalizeChunk = 256;
/** Bytes for what a chunk of columns is multiplied by and added to: four f32 per column. */
export const normalizeChunkBytes = 4096;
/** Bytes per column of what a block of rows is summed up to: two float64. */
export const normalizeSumBytes = 16;
/** Bytes between the first of these sums and the second ones: blocks must not be a power of two apart, or they share places in the cache. */
export const normalizeSumPadding = 64;

/** Blocks of rows, of all samples, whose sums are added up apart: threads share them, and the order of the sums is always the same. */
export const normalizeRowBlocks = 16;
/** Bytes per column and block: two sums in float64, and two in f32 on the way there. */
export const normalizeRowSumBytes = 24;
