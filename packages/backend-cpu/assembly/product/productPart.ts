// The part of one matrix product that a thread owns, in blocks of k, columns and rows that stay in the caches.
import {
  aStepWord,
  bStepWord,
  cStepWord,
  copiedA,
  copiedB,
  flagsWord,
  innerWord,
  matricesWord,
  patchesA,
  pixelsC,
  relu,
  tapsB,
  transposedA,
  transposedB,
  wideTiles,
  wordsPerMatrix,
} from '../../src/wasm/kernels/productLayout';
import { packPatches, packTaps, pixelPointers } from '../convolution/convolutionPatches';
import { multiplyPanel, rectifyPanel } from './productPanel';
import { packRows, packTransposed } from './productPack';
import { narrowColumns, wideColumns } from './productTile';
import { scratch } from '../work';

/** At most so many terms are added up one by one; then the sums of blocks are added. */
const innerBlock: i32 = 512;
const rowBlock: i32 = 120;
const columnBlock: i32 = 240;

// Working memory: a tile, one row of zeros and one of bias, where the rows of a block of c are, a block of a, panels of b.
const zerosAt: usize = 512;
const biasAt: usize = 576;
const pointersAt: usize = 1024;
const blockAt: usize = pointersAt + <usize>rowBlock * 4;
const panelsAt: usize = blockAt + <usize>innerBlock * rowBlock * 4 + 64;

/** Rows firstRow … endRow and columns firstColumn … endColumn of c = a · b + bias. */
export function multiplyPart(
  args: usize,
  a: usize,
  b: usize,
  c: usize,
  bias: usize,
  firstRow: i32,
  endRow: i32,
  firstColumn: i32,
  endColumn: i32,
  thread: i32,
): void {
  const flags = load<i32>(args, flagsWord * 4);
  const inner = load<i32>(args, innerWord * 4);
  const aStep = load<usize>(args, aStepWord * 4);
  const bStep = load<usize>(args, bStepWord * 4);
  const cStep = load<usize>(args, cStepWord * 4);
  const patches = args + ((<usize>(matricesWord + 1 + wordsPerMatrix * load<i32>(args, matricesWord * 4))) << 2);
  const spare = scratch(thread);
  const pointers = (flags & pixelsC) != 0 ? spare + pointersAt : 0;
  const zeros = spare + zerosAt;
  const byRows = (flags & transposedA) == 0;
  const direct = (flags & (transposedB | copiedB | tapsB)) == 0;

  memory.fill(zeros, 0, wideColumns << 2);

  // Blocks of k as equal as possible, and the same however the rest is split: they decide the order of the sums. One empty block
  // where there is nothing to add up.
  const blocks = max(1, (inner + innerBlock - 1) / innerBlock);
  const innerStep = (inner + blocks - 1) / blocks;
  for (let block = 0; block < blocks; block++) {
    const k = block * innerStep;
    const depth = min(innerStep, inner - k);
    for (let left = firstColumn; left < endColumn; left += columnBlock) {
      const right = min(endColumn, left + columnBlock);
      for (let row = firstRow; row < endRow; row += rowBlock) {
        const height = min(rowBlock, endRow - row);
        let aBlock: usize;
        let step = aStep;
        let above = row;
        if ((flags & (patchesA | copiedA)) == 0) {
          aBlock = byRows ? a + aStep * row + ((<usize>k) << 2) : a + aStep * k + ((<usize>row) << 2);
        } else {
          aBlock = spare + blockAt;
          step = (<usize>(byRows ? depth : height)) << 2;
          above = 0;
          if ((flags & patchesA) == 0) packRows(a + aStep * k + ((<usize>row) << 2), aStep, height, depth, aBlock, step);
          else if (byRows) packPatches(patches, a, row, height, k, depth, aBlock);
          else packPatches(patches, a, k, depth, row, height, aBlock);
        }
        if (pointers != 0) pixelPointers(patches, c, row, height, pointers);

        for (let column = left; column < right;) {
          const wide = isDefined(RELAXED) && (flags & wideTiles) != 0 && right - column > narrowColumns;
          const tileColumns = wide ? wideColumns : narrowColumns;
          const width = min(tileColumns, right - column);
          const at = (<usize>column) << 2;
          let panel = b + bStep * k + at;
          let panelStep = bStep;
          if (!direct || width < tileColumns) {
            const from = panel;
            panelStep = (<usize>tileColumns) << 2;
            panel = spare + panelsAt + ((<usize>((column - left) * depth)) << 2);
            if (row == firstRow) {
              if ((flags & tapsB) != 0) packTaps(patches, b, bStep, k, depth, column, width, panel, panelStep);
              else if ((flags & transposedB) == 0) packRows(from, bStep, width, depth, panel, panelStep);
              else packTransposed(b + bStep * column + ((<usize>k) << 2), bStep, width, depth, panel, panelStep);
            }
          }
          const corner = c + cStep * row + at;
          let start = zeros;
          if (bias != 0 && block == 0) {
            start = bias + at;
            if (width < tileColumns) {
              start = spare + biasAt;
              memory.copy(start, bias + at, (<usize>width) << 2);
            }
          }
          multiplyPanel(
            byRows,
            wide,
            aBlock,
            step,
            height,
            above,
            panel,
            panelStep,
            corner,
            cStep,
            pointers,
            at,
            width,
            start,
            depth,
            block > 0,
            spare,
          );
          if (block + 1 == blocks && (flags & relu) != 0) rectifyPanel(corner, cStep, pointers, at, height, width);
          column += width;
        }
      }
    }
  }
}
