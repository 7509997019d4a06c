// Commands that multiply matrices: the arguments of the kernels `product` and `vectorProduct`.
import type { KernelExport } from '../../generated/kernels.ts';
import type { WasmCommand } from '../command.ts';
import { copiedA, copiedB, patchesA, pixelsC, relu, sharedRows, tapsB, transposedA, transposedB, wideTiles } from './productLayout.ts';

/** What the engine at hand is best at. */
export interface ProductOptions {
  /** Tiles of 16 columns: right where the engine joins pairs of vectors to 256 bit. */
  readonly wideTiles: boolean;
}

/** [rows, inner] × [inner, columns] */
export interface Extents {
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
}

/** Bytes to the operands and the result of one product of many. */
export type MatrixOffsets = readonly [a: number, b: number, c: number];

/** Meanings are in productLayout.ts. */
const flagBits = { transposedA, transposedB, copiedA, copiedB, wideTiles, relu, sharedRows, patchesA, tapsB, pixelsC } as const;

type Flags = Readonly<Partial<Record<keyof typeof flagBits, boolean>>>;

export interface Product extends Extents {
  readonly flags: Flags;
  /** Elements from one row of a matrix to the next, as it lies in the memory. */
  readonly aStep: number;
  readonly bStep: number;
  readonly cStep: number;
  readonly matrices: readonly MatrixOffsets[];
  /** The description of the patches, if a is made of them. */
  readonly patches?: readonly number[];
}

/** c = a · b + bias. */
export function productCommand(product: Product): WasmCommand {
  return command('product', product);
}

/** Convolutions where every channel has a window of its own: rows are positions, columns are channels. */
export function channelCommand(kernel: 'channelConvolution' | 'channelKernelGradient', product: Product): WasmCommand {
  return command(kernel, product);
}

/** The same as `productCommand` for a result of one row, where a is a vector, or of one column, where b is: the kernel wants it first. */
export function vectorProductCommand(product: Product): WasmCommand {
  const { rows, flags, aStep, matrices } = product;
  if (rows === 1) return command('vectorProduct', product);
  const vectorFirst = command('vectorProduct', {
    ...product,
    flags: { ...flags, transposedB: flags.transposedA !== true },
    bStep: aStep,
    matrices: matrices.map(([a, b, c]) => [b, a, c]),
  });
  return withSwappedInputs(vectorFirst);
}

function command(kernel: KernelExport, product: Product): WasmCommand {
  const { rows, columns, inner, flags, aStep, bStep, cStep, matrices, patches = [] } = product;
  const rest = [rows, columns, inner, bitsOf(flags), 4 * aStep, 4 * bStep, 4 * cStep, matrices.length, ...matrices.flat(), ...patches];
  return {
    kernel,
    words: ({ inputs: [a, b, bias = 0], outputs: [c] }) => [a!, b!, c!, bias, ...rest],
    work: matrices.length * workOf(product),
  };
}

/** For operands given as b, a. */
export function withSwappedInputs(swapped: WasmCommand): WasmCommand {
  return { ...swapped, words: ({ inputs: [b, a, ...rest], ...pointers }) => swapped.words({ ...pointers, inputs: [a!, b!, ...rest] }) };
}

function bitsOf(flags: Flags): number {
  return Object.entries(flagBits).reduce((bits, [name, bit]) => (flags[name as keyof typeof flagBits] === true ? bits | bit : bits), 0);
}

/** Nanoseconds: some 50 products and sums in each, and the reading and writing. */
function workOf({ rows, columns, inner }: Extents): number {
  return 0.02 * rows * columns * inner + 0.2 * (rows * inner + inner * columns + rows * columns);
}

/**
 * Whether to copy a matrix whose columns are read, `times` times: rows that are multiples of 4 KiB apart all fall on the same places of
 * a cache, which holds few of them. Other distances are no trouble.
 */
export function isWorthCopying(elementsPerRow: number, times: number): boolean {
  return elementsPerRow % 1024 === 0 && times >= 24;
}
