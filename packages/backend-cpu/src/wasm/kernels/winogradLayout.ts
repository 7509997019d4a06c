// The block of arguments of the kernel `winogradConvolution`. AssemblyScript compiles this file too, so it holds plain integer
// constants only.

// Words.
/** A pointer to the transformed kernel: 16 matrices [channels, columns]. */
export const transformedWord = 0;
/** Extents of the image, and how many rows and columns of zeros are before it. */
export const imageHeightWord = 1;
export const imageWidthWord = 2;
export const paddingRowsWord = 3;
export const paddingColumnsWord = 4;
/** How many positions the window has along rows and columns. */
export const resultRowsWord = 5;
export const resultColumnsWord = 6;
/** Channels of the image. */
export const channelsWord = 7;
/** How many lines of tiles are transformed before they are multiplied. */
export const linesWord = 8;
/** Behind these words come those of the same convolution as `product`, as in productLayout.ts. */
export const productWord = 9;

/** How many matrices a tile of 4 × 4 elements belongs to, one element to each. */
export const components = 16;

// What fits into the working memory of a thread.
/** Channels of the image, and of the result. */
export const mostChannels = 512;
/** Bytes of one transformed line, before it is taken apart into tiles. */
export const mostLineBytes = 262144;
/** Bytes of the tiles of all lines that are transformed at once, with what they are multiplied to or by. */
export const mostTileBytes = 1048576;
