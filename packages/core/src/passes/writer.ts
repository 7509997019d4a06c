// Building a program from another one: what every pass needs to copy, rename and append.
import type { TensorSpec } from '../array/dtype.ts';
import type { NdArray } from '../array/ndarray.ts';
import type { Instr, Program, Slot } from '../program/program.ts';

/** A program under construction whose slots are numbered anew. `rename` says where the slots of the source program went. */
export class ProgramWriter {
  readonly #source: Program;
  readonly #slots: TensorSpec[] = [];
  readonly #instrs: Instr[] = [];
  readonly #constants: Record<Slot, NdArray> = {};
  readonly rename = new Map<Slot, Slot>();

  /** Starts with the inputs, variables and constants of `source`. */
  constructor(source: Program) {
    this.#source = source;
    for (const slot of Object.values(source.inputs)) this.define(slot);
    for (const { read } of Object.values(source.variables)) this.define(read);
    for (const [slot, value] of Object.entries(source.constants)) this.rename.set(Number(slot), this.constant(value));
  }

  slot(spec: TensorSpec): Slot {
    this.#slots.push(spec);
    return this.#slots.length - 1;
  }

  constant(value: NdArray): Slot {
    const slot = this.slot({ shape: value.shape, dtype: value.dtype });
    this.#constants[slot] = value;
    return slot;
  }

  /** Gives a slot of the source program its place in the new one. */
  define(sourceSlot: Slot): Slot {
    const slot = this.slot(this.#source.slots[sourceSlot]!);
    this.rename.set(sourceSlot, slot);
    return slot;
  }

  /** Where a slot of the source program went. */
  at(sourceSlot: Slot): Slot {
    return this.rename.get(sourceSlot)!;
  }

  append(instr: Instr): void {
    this.#instrs.push(instr);
  }

  /** Copies instruction `index` of the source program, its slots renamed and its outputs defined, those that `keeps` wants. */
  copy(index: number, keeps: (slot: Slot) => boolean = () => true): Instr {
    const instr = this.#source.instrs[index]!;
    const copied: Instr = {
      ...instr,
      in: instr.in.map((slot) => this.at(slot)),
      out: instr.out.map((slot) => (slot !== null && keeps(slot) ? this.define(slot) : null)),
      origins: originsOf(instr, index),
    };
    this.append(copied);
    return copied;
  }

  /** The finished program, with the outputs and variable writes of the source. */
  finish(): Program {
    const { inputs, variables, outputs } = this.#source;
    return {
      version: 1,
      slots: this.#slots,
      instrs: this.#instrs,
      constants: this.#constants,
      inputs: mapValues(inputs, (slot) => this.at(slot)),
      variables: mapValues(variables, ({ read, write }) => ({
        read: this.at(read),
        ...(write === undefined ? {} : { write: this.at(write) }),
      })),
      outputs: mapValues(outputs, (slot) => this.at(slot)),
    };
  }
}

/** The instructions of the original program that an instruction does the work of; before any pass that is itself. */
export function originsOf(instr: Instr, index: number): readonly number[] {
  return instr.origins ?? [index];
}

/** A record without prototype, so that names such as `__proto__` are plain keys. */
export function mapValues<A, B>(record: Readonly<Record<string, A>>, convert: (value: A) => B): Record<string, B> {
  const result = Object.create(null) as Record<string, B>;
  for (const [key, value] of Object.entries(record)) result[key] = convert(value);
  return result;
}
