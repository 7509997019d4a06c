// A program as plain data: what a trace produces, passes transform and backends compile.
import type { NdArray } from '../array/ndarray.ts';
import type { TensorSpec } from '../array/dtype.ts';
import type { Expr } from '../scalar/types.ts';

/** Index into {@link Program.slots}: the name of one value of a program. */
export type Slot = number;

/** An attribute of an instruction: plain data, with scalar expressions and records allowed. */
export type Attr = string | number | boolean | null | Expr | readonly Attr[] | { readonly [name: string]: Attr };

/** The attributes of an instruction; which ones, the op's spec says. */
export type Attrs = { readonly [name: string]: Attr };

/** One operation: reads `in`, writes `out`. An output nobody reads is null. */
export interface Instr {
  /** Name of the op in the `ops` table. A string here, because programs also come from files and workers; `validate` checks it. */
  readonly op: string;
  readonly attrs: Attrs;
  readonly in: readonly Slot[];
  readonly out: readonly (Slot | null)[];
  /** Path of the layer that asked for it, `''` outside layers: `'block1/dense2'`. */
  readonly path: string;
  /** The user's source line, when traced with `debug: true`. */
  readonly source?: string;
  /** After passes: the instructions of the original program it does the work of. */
  readonly origins?: readonly number[];
}

/** How a program uses a variable: the slot it is read into and the slot written back after the run. */
export interface VariableUse {
  readonly read: Slot;
  readonly write?: Slot;
}

/**
 * A function of inputs and variables, as data. Instructions stand in an order in which every slot is written before it is read;
 * each slot is written once (by an input, a constant, a variable or one instruction).
 */
export interface Program {
  readonly version: 1;
  readonly slots: readonly TensorSpec[];
  readonly instrs: readonly Instr[];
  readonly inputs: Readonly<Record<string, Slot>>;
  readonly constants: Readonly<Record<Slot, NdArray>>;
  readonly variables: Readonly<Record<string, VariableUse>>;
  readonly outputs: Readonly<Record<string, Slot>>;
}
