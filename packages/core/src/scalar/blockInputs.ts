// How block evaluation reads inputs: in place where they are dense, through a register where they are repeated, strided or converted.
import type { TypedArray } from '../array/dtype.ts';
import { holdsDType } from '../array/dtype.ts';
import { ConfigError, DTypeError, ShapeError } from '../errors/errors.ts';
import type { InputNode } from './traverse.ts';
import type { ScalarType } from './types.ts';

/** Elements per block: small enough that the registers of an expression stay in the first-level cache. */
export const blockLength = 1024;

/** Where an input's element for (row, column) lies: `data[offset + row * rowStride + column * columnStride]`. */
export interface BlockInput {
  /** f32 inputs may also be held in bytes (u8) or float64; i32 in an Int32Array, bool in a Uint8Array of 0 and 1. */
  readonly data: TypedArray;
  readonly offset: number;
  /** The number of columns where rows are dense; 0 repeats one row, such as a bias. */
  readonly rowStride: number;
  /** 1 where columns are dense; 0 repeats one element along a row. */
  readonly columnStride: number;
}

/** A rectangle of the result: what one pass over the steps computes. */
export interface Block {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/** Where a step's values of the current block begin. */
export interface Place {
  array: TypedArray;
  offset: number;
}

/** The kind of array in which values of a type are computed. */
export type Storage = new (length: number) => TypedArray;

/** Brings one input's values for a block to `place`. */
export interface InputLoader {
  /** Starts a run: nothing is loaded yet. */
  begin(input: BlockInput): void;
  load(block: Block): void;
  /** Lets go of the caller's array. */
  end(): void;
}

export function createInputLoader(storage: Storage, place: Place): InputLoader {
  const nothing: BlockInput = { data: new storage(0), offset: 0, rowStride: 0, columnStride: 0 };
  let input = nothing;
  let register: TypedArray | undefined;
  /** What the register holds: rows of so many columns. */
  let loaded = { start: 0, columns: 0 };
  return {
    begin(next) {
      input = next;
      loaded = { start: 0, columns: 0 };
    },
    end() {
      input = nothing;
      place.array = nothing.data;
    },
    load({ row, column, rows, columns }) {
      const { data, offset, rowStride, columnStride } = input;
      const start = offset + row * rowStride + column * columnStride;
      if (columnStride === 1 && (rows === 1 || rowStride === columns) && data instanceof storage) {
        place.array = data;
        place.offset = start;
        return;
      }
      register ??= new storage(blockLength);
      place.array = register;
      place.offset = 0;
      // A repeated row or element is there from the block before: within a run blocks do not grow.
      if (loaded.start === start && columns <= loaded.columns) return;
      for (let r = 0, to = 0; r < rows; r++) {
        for (let c = 0, from = start + r * rowStride; c < columns; c++, from += columnStride) register[to++] = data[from]!;
      }
      loaded = { start, columns };
    },
  };
}

/** Whether the input's elements lie at one stride over all rows, so that these can be taken as one. */
export function isOneRow(input: BlockInput, rows: number, columns: number): boolean {
  return rows === 1 || input.rowStride === columns * input.columnStride;
}

/** The blocks that cover the result, in order: whole rows where several fit into a block, else parts of one row. */
export function* blocksOf(rows: number, columns: number): Generator<Block> {
  const [rowStep, columnStep] = [Math.max(1, Math.floor(blockLength / columns)), Math.min(columns, blockLength)];
  for (let row = 0; row < rows; row += rowStep) {
    for (let column = 0; column < columns; column += columnStep) {
      yield { row, column, rows: Math.min(rowStep, rows - row), columns: Math.min(columnStep, columns - column) };
    }
  }
}

/** @throws ConfigError, DTypeError, ShapeError unless `inputs` has all that reading `node` for all rows and columns takes. */
export function expectReadable(node: InputNode, inputs: readonly BlockInput[], rows: number, columns: number): void {
  const input = inputs[node.index];
  if (input === undefined) {
    throw new ConfigError(`The expression reads input ${node.index}, but ${inputs.length} inputs were given.`);
  }
  const { data, offset, rowStride, columnStride } = input;
  if (!holdsType(data, node.type)) {
    throw new DTypeError(`The expression reads input ${node.index} as ${node.type}, but it is held in a ${data.constructor.name}.`);
  }
  const [acrossRows, acrossColumns] = [(rows - 1) * rowStride, (columns - 1) * columnStride];
  const first = offset + Math.min(0, acrossRows) + Math.min(0, acrossColumns);
  const last = offset + Math.max(0, acrossRows) + Math.max(0, acrossColumns);
  if (![offset, rowStride, columnStride].every(Number.isInteger) || first < 0 || last >= data.length) {
    throw new ShapeError(
      `Input ${node.index} has ${data.length} elements, but ${rows} rows (stride ${rowStride}) of ${columns} columns ` +
        `(stride ${columnStride}) from ${offset} on read elements ${first} to ${last}.`,
    );
  }
}

/** @throws DTypeError, ShapeError unless `output` can take `count` elements of `type` from `offset` on. */
export function expectWritable(type: ScalarType, output: TypedArray, offset: number, count: number): void {
  if (!holdsDType(output, type)) throw new DTypeError(`The result is ${type}, which a ${output.constructor.name} does not hold.`);
  if (!Number.isInteger(offset) || offset < 0 || offset + count > output.length) {
    throw new ShapeError(`The output has ${output.length} elements, but ${count} are written from ${offset} on.`);
  }
}

function holdsType(data: TypedArray, type: ScalarType): boolean {
  return holdsDType(data, type) || (type === 'f32' && holdsDType(data, 'u8'));
}
