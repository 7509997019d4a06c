// Matrix products: c = a · b + bias, for one matrix or many.
// The block of arguments is described in src/wasm/kernels/productLayout.ts and written by src/wasm/kernels/product.ts.
import {
  aWord,
  bWord,
  biasWord,
  cWord,
  columnsWord,
  flagsWord,
  matricesWord,
  rowsWord,
  sharedRows,
  wideTiles,
  wordsPerMatrix,
} from '../../src/wasm/kernels/productLayout';
import { multiplyPart } from './productPart';
import { narrowColumns, wideColumns } from './productTile';
import { rangeStart } from '../work';

/** Rows that are not divided between threads: less would make too many low tiles. */
const rowGrain: i32 = 4;

/** Threads share columns in whole panels, or rows, of all matrices taken one after the other. */
export function product(args: usize, thread: i32, threads: i32): void {
  const rows = load<i32>(args, rowsWord * 4);
  const columns = load<i32>(args, columnsWord * 4);
  const flags = load<i32>(args, flagsWord * 4);
  const matrices = load<i32>(args, matricesWord * 4);
  const grain = isDefined(RELAXED) && (flags & wideTiles) != 0 ? wideColumns : narrowColumns;
  const panels = (columns + grain - 1) / grain;
  const strips = (rows + rowGrain - 1) / rowGrain;
  const byRows = (flags & sharedRows) != 0 ? matrices * strips >= threads : matrices * panels < threads && strips > panels;
  const unit = byRows ? rowGrain : grain;
  const units = byRows ? strips : panels;
  let next = rangeStart(matrices * units, 1, thread, threads);
  const end = rangeStart(matrices * units, 1, thread + 1, threads);
  while (next < end) {
    const matrix = next / units;
    const first = (next - matrix * units) * unit;
    const last = min(units, end - matrix * units) * unit;
    const offsets = args + ((<usize>(matricesWord + 1 + wordsPerMatrix * matrix)) << 2);
    multiplyPart(
      args,
      load<usize>(args, aWord * 4) + load<usize>(offsets),
      load<usize>(args, bWord * 4) + load<usize>(offsets, 4),
      load<usize>(args, cWord * 4) + load<usize>(offsets, 8),
      load<usize>(args, biasWord * 4),
      byRows ? first : 0,
      byRows ? min(rows, last) : rows,
      byRows ? 0 : first,
      byRows ? columns : min(columns, last),
      thread,
    );
    next = (matrix + 1) * units;
  }
}
