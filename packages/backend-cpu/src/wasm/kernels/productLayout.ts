// The block of arguments of the kernel `product`. AssemblyScript compiles this file too, so it holds plain integer constants only.

// Words.
/** Pointers to the operands and the result. */
export const aWord = 0;
export const bWord = 1;
export const cWord = 2;
/** A pointer to one value for each column, or 0. */
export const biasWord = 3;
/** The extents m, n and k of [m, k] × [k, n]. */
export const rowsWord = 4;
export const columnsWord = 5;
export const innerWord = 6;
export const flagsWord = 7;
/** Bytes from one row of a matrix to the next, as it lies in the memory. */
export const aStepWord = 8;
export const bStepWord = 9;
export const cStepWord = 10;
/** How many products there are. After this word come, for each, the bytes to be added to a, b and c. */
export const matricesWord = 11;
export const wordsPerMatrix = 3;

// Bits of the flags.
/** a is given as [k, m]. */
export const transposedA = 1;
/** b is given as [n, k]. */
export const transposedB = 2;
/** Copy a, given transposed, block by block before use: for rows so far apart that caches do not hold them. */
export const copiedA = 4;
/** Copy b to panels before use, for the same reason. A transposed b always is. */
export const copiedB = 8;
/** Tiles of 16 columns, where the engine joins pairs of vectors. */
export const wideTiles = 16;
export const relu = 32;
/** Threads share the rows rather than the columns, if there are enough of them. */
export const sharedRows = 64;
/** Rows of a are patches of images, described after the matrices. With `transposedA`, they are the rows of what is given. */
export const patchesA = 128;
/** b is a kernel [taps, n, k / taps]: its taps are transposed, and in the order of the patches. */
export const tapsB = 256;
/** Rows of c are pixels of images, as the description of the patches says. */
export const pixelsC = 512;

// Words of the description of patches. A patch holds, tap by tap, the channels of one pixel for each cell of the window.
/** Extents of the image, and how many channels of its `imageChannels` a patch takes. */
export const imageHeightWord = 0;
export const imageWidthWord = 1;
export const imageChannelsWord = 2;
export const patchChannelsWord = 3;
/** How many positions the window has along rows and columns, and how far apart they are in the image. */
export const positionRowsWord = 4;
export const positionColumnsWord = 5;
export const rowStrideWord = 6;
export const columnStrideWord = 7;
/** For `pixelsC`: bytes between the pixels of c that belong to neighbouring images, rows and columns of positions. */
export const imageBytesWord = 8;
export const rowBytesWord = 9;
export const columnBytesWord = 10;
/** Which rows and columns of an image have all taps inside it: from, and up to but not including. */
export const firstInnerRowWord = 11;
export const endInnerRowWord = 12;
export const firstInnerColumnWord = 13;
export const endInnerColumnWord = 14;
/** So many taps, one after the other, take neighbouring pixels whole: what they take is contiguous in the image. */
export const tapsPerRunWord = 15;
/**
 * How many taps. After this word come, for each: its row and column against the position, the bytes from the position's pixel to its
 * own, and, for `tapsB`, the bytes to where it is in b.
 */
export const tapsWord = 16;
export const wordsPerTap = 4;
