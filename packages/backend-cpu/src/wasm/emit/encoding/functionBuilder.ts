// One WebAssembly function, instruction by instruction.
import { ByteWriter } from './bytes.ts';
import type {
  LaneMemoryOpcode,
  LaneOpcode,
  ScalarMemoryOpcode,
  ScalarOpcode,
  ShiftOpcode,
  TestOpcode,
  ValueType,
  VectorMemoryOpcode,
  VectorOpcode,
} from './opcodes.ts';
import {
  controlOpcodes,
  laneMemoryOpcodes,
  laneOpcodes,
  scalarMemoryOpcodes,
  scalarOpcodes,
  shiftOpcodes,
  testOpcodes,
  valueTypes,
  vectorConst,
  vectorMemoryOpcodes,
  vectorOpcodes,
  vectorPrefix,
  vectorShuffle,
} from './opcodes.ts';

export interface Signature {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** A local variable or parameter. */
export interface Local {
  readonly index: number;
  readonly type: ValueType;
}

/** Where a branch leads: behind a block, or to the beginning of a loop. */
export interface Label {
  readonly depth: number;
}

/** Instructions that leave one value on the stack. */
export type Emit = () => void;

/** Something to compute with: a local, a constant of the type that the instruction takes, or what instructions leave. */
export type Operand = Local | number | bigint | Emit;

export class FunctionBuilder {
  readonly signature: Signature;
  readonly parameters: readonly Local[];
  readonly #code = new ByteWriter();
  readonly #locals: ValueType[] = [];
  readonly #free: Local[] = [];
  #depth = 0;

  constructor(signature: Signature) {
    this.signature = signature;
    this.parameters = signature.parameters.map((type, index) => ({ index, type }));
  }

  /** A local of undefined value: one that was released, or a new one. */
  local(type: ValueType): Local {
    const found = this.#free.findLastIndex((local) => local.type === type);
    if (found >= 0) return this.#free.splice(found, 1)[0]!;
    return { index: this.parameters.length + this.#locals.push(type) - 1, type };
  }

  /** Lets later calls of {@link local} use it. */
  release(local: Local): void {
    this.#free.push(local);
  }

  /** The operand on top of the stack. */
  push(operand: Operand, type: 'i32' | 'f64' = 'i32'): void {
    if (typeof operand === 'function') operand();
    else if (typeof operand === 'object') this.#control('local.get', operand.index);
    else if (typeof operand === 'bigint') {
      this.#code.byte(controlOpcodes['i64.const']);
      this.#code.signed64(operand);
    } else if (type === 'i32') {
      this.#code.byte(controlOpcodes['i32.const']);
      this.#code.signed(operand);
    } else {
      this.#code.byte(controlOpcodes['f64.const']);
      this.#code.float64(operand);
    }
  }

  /** The instruction on operands, as an operand of others: `apply('i32.add', a, apply('i32.mul', b, 4))`. */
  readonly apply = (name: ScalarOpcode, ...operands: readonly Operand[]): Emit => {
    return () => {
      for (const operand of operands) this.push(operand, name.startsWith('f64') ? 'f64' : 'i32');
      this.#code.byte(scalarOpcodes[name]);
    };
  };

  /** The scalar `offset` bytes behind an address. */
  load(name: ScalarMemoryOpcode, address: Operand, offset = 0): Emit {
    return () => {
      this.push(address);
      this.#code.byte(scalarMemoryOpcodes[name]);
      this.#place(offset);
    };
  }

  assign(local: Local, operand: Operand): void {
    this.push(operand, local.type === 'f64' ? 'f64' : 'i32');
    this.set(local);
  }

  set(local: Local): void {
    this.#control('local.set', local.index);
  }

  /** @param bytes 16 of them */
  v128(bytes: Uint8Array): void {
    this.#vector(vectorConst);
    this.#code.append(bytes);
  }

  /** A vector instruction on what is on the stack. */
  vector(name: VectorOpcode | ShiftOpcode | TestOpcode): void {
    this.#vector(stackOpcodes[name]);
  }

  lane(name: LaneOpcode, lane: number): void {
    this.#vector(laneOpcodes[name]);
    this.#code.byte(lane);
  }

  /** @param lanes for each byte of the result the one it comes from: 0–15 of the first operand, 16–31 of the second */
  shuffle(lanes: readonly number[]): void {
    this.#vector(vectorShuffle);
    this.#code.append(Uint8Array.from(lanes));
  }

  /** A load from, or store to, `offset` bytes behind the address on the stack. */
  memory(name: VectorMemoryOpcode, offset: number): void {
    this.#vector(vectorMemoryOpcodes[name]);
    this.#place(offset);
  }

  laneMemory(name: LaneMemoryOpcode, offset: number, lane: number): void {
    this.#vector(laneMemoryOpcodes[name]);
    this.#place(offset);
    this.#code.byte(lane);
  }

  block(body: (after: Label) => void): void {
    this.#nested('block', body);
  }

  loop(body: (start: Label) => void): void {
    this.#nested('loop', body);
  }

  /** Runs `body` when the condition, an i32, is not 0. */
  if(condition: Operand, body: () => void, otherwise?: () => void): void {
    this.push(condition);
    this.#nested('if', () => {
      body();
      if (otherwise === undefined) return;
      this.#code.byte(controlOpcodes.else);
      otherwise();
    });
  }

  branch(label: Label): void {
    this.#control('br', this.#depth - label.depth);
  }

  branchIf(label: Label, condition: Operand): void {
    this.push(condition);
    this.#control('br_if', this.#depth - label.depth);
  }

  return(value: Operand, type: 'i32' | 'f64' = 'i32'): void {
    this.push(value, type);
    this.#code.byte(controlOpcodes.return);
  }

  call(functionIndex: number): void {
    this.#control('call', functionIndex);
  }

  /** The function as it stands in the code section, without its size. */
  finish(): Uint8Array {
    const body = new ByteWriter();
    const runs: { readonly type: ValueType; count: number }[] = [];
    for (const type of this.#locals) {
      const run = runs.at(-1);
      if (run?.type === type) run.count++;
      else runs.push({ type, count: 1 });
    }
    body.unsigned(runs.length);
    for (const { type, count } of runs) {
      body.unsigned(count);
      body.byte(valueTypes[type]);
    }
    body.append(this.#code.bytes());
    body.byte(controlOpcodes.end);
    return body.bytes();
  }

  #nested(name: 'block' | 'loop' | 'if', body: (label: Label) => void): void {
    this.#code.byte(controlOpcodes[name]);
    this.#code.byte(emptyBlockType);
    body({ depth: ++this.#depth });
    this.#depth--;
    this.#code.byte(controlOpcodes.end);
  }

  #control(name: keyof typeof controlOpcodes, immediate: number): void {
    this.#code.byte(controlOpcodes[name]);
    this.#code.unsigned(immediate);
  }

  #vector(opcode: number): void {
    this.#code.byte(vectorPrefix);
    this.#code.unsigned(opcode);
  }

  /** Alignment and offset. No alignment is claimed: it would be a hint that engines ignore. */
  #place(offset: number): void {
    this.#code.byte(0);
    this.#code.unsigned(offset);
  }
}

const emptyBlockType = 0x40;
const stackOpcodes = { ...vectorOpcodes, ...shiftOpcodes, ...testOpcodes };
