// Matrix products: both operands are packed into panels of four, so that every transposition runs the same inner loop.
import type { Workspace } from './workspace.ts';

/** Rows and columns of a tile: sixteen sums in registers are what JavaScript engines keep without spilling much. */
const tile = 4;

/** Floats of the right operand that are packed at a time; they stay in the second-level cache. */
const panelFloats = 1 << 18;
const fewestColumns = 64;

/** A matrix inside an array; a transposed one has its strides exchanged. */
export interface MatrixLayout {
  readonly rowStride: number;
  readonly columnStride: number;
}

/** Extents of c [rows, columns] = a [rows, inner] · b [inner, columns]. */
export interface ProductExtents {
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
}

/** Computes one product: operand arrays with the offsets at which the matrices begin. `c` is dense. */
export type Product = (a: Float32Array, aOffset: number, b: Float32Array, bOffset: number, c: Float32Array, cOffset: number) => void;

/** Prepares a product of given extents and layouts. Sums are in float64 over the whole inner extent and rounded once. */
export function prepareProduct(extents: ProductExtents, a: MatrixLayout, b: MatrixLayout, workspace: Workspace): Product {
  return extents.rows === 1 ? prepareRowProduct(extents, a, b, workspace) : prepareTiledProduct(extents, a, b, workspace);
}

function prepareTiledProduct(
  { rows, columns, inner }: ProductExtents,
  aLayout: MatrixLayout,
  bLayout: MatrixLayout,
  workspace: Workspace,
): Product {
  const blockColumns = Math.min(roundUp(columns), Math.max(fewestColumns, roundDown(panelFloats / Math.max(1, inner))));
  const leftPanel = blockColumns * inner;
  workspace.reserveFloats(leftPanel + tile * inner);
  const edge = new Float32Array(tile * tile);

  return (a, aOffset, b, bOffset, c, cOffset) => {
    const packed = workspace.floats;
    for (let firstColumn = 0; firstColumn < columns; firstColumn += blockColumns) {
      const lastColumn = Math.min(columns, firstColumn + blockColumns);
      for (let column = firstColumn; column < lastColumn; column += tile) {
        const start = bOffset + column * bLayout.columnStride;
        packPanel(b, start, bLayout.rowStride, inner, bLayout.columnStride, columns - column, packed, (column - firstColumn) * inner);
      }
      for (let row = 0; row < rows; row += tile) {
        packPanel(a, aOffset + row * aLayout.rowStride, aLayout.columnStride, inner, aLayout.rowStride, rows - row, packed, leftPanel);
        for (let column = firstColumn; column < lastColumn; column += tile) {
          const rightPanel = (column - firstColumn) * inner;
          const target = cOffset + row * columns + column;
          if (row + tile <= rows && column + tile <= columns) {
            multiplyPanels(inner, packed, leftPanel, rightPanel, c, target, columns);
          } else {
            multiplyPanels(inner, packed, leftPanel, rightPanel, edge, 0, tile);
            copyTile(edge, Math.min(tile, rows - row), Math.min(tile, columns - column), c, target, columns);
          }
        }
      }
    }
  };
}

/** Writes four lanes interleaved: element (step, lane) to `packed[at + 4 · step + lane]`; lanes beyond `lanes` are zero. */
function packPanel(
  source: Float32Array,
  start: number,
  stepStride: number,
  steps: number,
  laneStride: number,
  lanes: number,
  packed: Float32Array,
  at: number,
): void {
  const end = at + tile * steps;
  let from = start;
  if (lanes >= tile) {
    for (let to = at; to < end; to += tile, from += stepStride) {
      packed[to] = source[from]!;
      packed[to + 1] = source[from + laneStride]!;
      packed[to + 2] = source[from + 2 * laneStride]!;
      packed[to + 3] = source[from + 3 * laneStride]!;
    }
    return;
  }
  for (let to = at; to < end; to += tile, from += stepStride) {
    for (let lane = 0; lane < tile; lane++) packed[to + lane] = lane < lanes ? source[from + lane * laneStride]! : 0;
  }
}

/** The inner loop: a 4 × 4 tile of c from a panel of four rows and a panel of four columns. Written out: this is where the time goes. */
function multiplyPanels(
  inner: number,
  packed: Float32Array,
  left: number,
  right: number,
  c: Float32Array,
  target: number,
  rowStride: number,
): void {
  let c00 = 0,
    c01 = 0,
    c02 = 0,
    c03 = 0;
  let c10 = 0,
    c11 = 0,
    c12 = 0,
    c13 = 0;
  let c20 = 0,
    c21 = 0,
    c22 = 0,
    c23 = 0;
  let c30 = 0,
    c31 = 0,
    c32 = 0,
    c33 = 0;
  const end = left + tile * inner;
  for (let i = left, j = right; i < end; i += tile, j += tile) {
    const b0 = packed[j]!;
    const b1 = packed[j + 1]!;
    const b2 = packed[j + 2]!;
    const b3 = packed[j + 3]!;
    const a0 = packed[i]!;
    c00 += a0 * b0;
    c01 += a0 * b1;
    c02 += a0 * b2;
    c03 += a0 * b3;
    const a1 = packed[i + 1]!;
    c10 += a1 * b0;
    c11 += a1 * b1;
    c12 += a1 * b2;
    c13 += a1 * b3;
    const a2 = packed[i + 2]!;
    c20 += a2 * b0;
    c21 += a2 * b1;
    c22 += a2 * b2;
    c23 += a2 * b3;
    const a3 = packed[i + 3]!;
    c30 += a3 * b0;
    c31 += a3 * b1;
    c32 += a3 * b2;
    c33 += a3 * b3;
  }
  let at = target;
  c[at] = c00;
  c[at + 1] = c01;
  c[at + 2] = c02;
  c[at + 3] = c03;
  at += rowStride;
  c[at] = c10;
  c[at + 1] = c11;
  c[at + 2] = c12;
  c[at + 3] = c13;
  at += rowStride;
  c[at] = c20;
  c[at + 1] = c21;
  c[at + 2] = c22;
  c[at + 3] = c23;
  at += rowStride;
  c[at] = c30;
  c[at + 1] = c31;
  c[at + 2] = c32;
  c[at + 3] = c33;
}

function copyTile(from: Float32Array, rows: number, columns: number, to: Float32Array, target: number, rowStride: number): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) to[target + row * rowStride + column] = from[row * tile + column]!;
  }
}

/** One row times a matrix reads each element of the matrix once: packing would only cost. */
function prepareRowProduct(
  { columns, inner }: ProductExtents,
  aLayout: MatrixLayout,
  bLayout: MatrixLayout,
  workspace: Workspace,
): Product {
  workspace.reserveDoubles(columns);
  const { rowStride, columnStride } = bLayout;
  if (rowStride < columnStride) {
    return (a, aOffset, b, bOffset, c, cOffset) => {
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        let from = bOffset + column * columnStride;
        for (let k = 0; k < inner; k++, from += rowStride) sum += a[aOffset + k * aLayout.columnStride]! * b[from]!;
        c[cOffset + column] = sum;
      }
    };
  }
  return (a, aOffset, b, bOffset, c, cOffset) => {
    const sums = workspace.doubles;
    sums.fill(0, 0, columns);
    for (let k = 0; k < inner; k++) {
      const factor = a[aOffset + k * aLayout.columnStride]!;
      const from = bOffset + k * rowStride;
      for (let column = 0; column < columns; column++) sums[column]! += factor * b[from + column * columnStride]!;
    }
    for (let column = 0; column < columns; column++) c[cOffset + column] = sums[column]!;
  };
}

function roundUp(columns: number): number {
  return Math.ceil(columns / tile) * tile;
}

function roundDown(columns: number): number {
  return Math.floor(columns / tile) * tile;
}
