// `stepThrough`: a program one instruction at a time, with every value: debugger, teaching tool, NaN finder and bisector.
import { checkInputs, ConfigError, expectSpec, singleInstruction, validate } from '@nn/core';
import type { NdArray, Program, Slot, Store } from '@nn/core';
import { referenceBackend } from './referenceBackend.ts';

/** One executed instruction. */
export interface ProgramStep {
  /** Index into the program's instructions. */
  readonly instr: number;
  /** Path of the layer, `''` outside layers. */
  readonly path: string;
  readonly op: string;
  /** The op's result. */
  readonly value: NdArray;
  /** All outputs of the instruction in order, null for those that nobody reads. The first one that is not null is `value`. */
  readonly outputs: readonly (NdArray | null)[];
  /** The user's source line, for programs traced with `debug: true`. */
  readonly source?: string;
}

/**
 * Runs a program in float64, one instruction per iteration. Composites are one step; `lower` the program first to see their parts.
 * Nothing is written back.
 *
 * @param variables a store of any backend, or the values
 * @throws FormatError for a program that is not valid; ConfigError, ShapeError, DTypeError for inputs and variables that do not fit
 */
export async function* stepThrough(
  program: Program,
  variables: Store | Readonly<Record<string, NdArray>>,
  inputs: Readonly<Record<string, NdArray>>,
): AsyncGenerator<ProgramStep, void, undefined> {
  validate(program);
  checkInputs(program, inputs);
  const values = new Map<Slot, NdArray>();
  for (const [name, slot] of Object.entries(program.inputs)) values.set(slot, inputs[name]!);
  for (const [slot, value] of Object.entries(program.constants)) values.set(Number(slot), value);
  for (const [name, { read }] of Object.entries(program.variables)) {
    const value = await valueOf(variables, name);
    expectSpec(value, program.slots[read]!, `Variable "${name}"`, 'the program uses it as');
    values.set(read, value);
  }

  const backend = referenceBackend();
  const store = await backend.createStore({});
  for (const [instr, instruction] of program.instrs.entries()) {
    const { op, path, source, in: read, out } = instruction;
    if (out.every((slot) => slot === null)) continue;
    const executable = await backend.compile(singleInstruction(instruction, program.slots));
    const results = executable.run(store, Object.fromEntries(read.map((slot, index) => [String(index), values.get(slot)!])));
    const outputs = await Promise.all(out.map(async (slot, index) => (slot === null ? null : results.read(String(index)))));
    outputs.forEach((value, index) => value !== null && values.set(out[index]!, value));
    await executable.dispose();
    const value = outputs.find((output) => output !== null)!;
    yield { instr, path, op, value, outputs, ...(source === undefined ? {} : { source }) };
  }
}

async function valueOf(variables: Store | Readonly<Record<string, NdArray>>, name: string): Promise<NdArray> {
  if (isStore(variables)) return variables.read(name);
  if (!Object.hasOwn(variables, name)) throw new ConfigError(`stepThrough: the program reads the variable "${name}", which was not given.`);
  return variables[name]!;
}

function isStore(variables: Store | Readonly<Record<string, NdArray>>): variables is Store {
  return typeof variables.read === 'function';
}
