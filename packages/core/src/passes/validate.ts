// `validate`: whether a program is one. Programs also come from files and workers, so nothing is taken for granted.
import { specText } from '../array/dtype.ts';
import type { TensorSpec } from '../array/dtype.ts';
import { sameShape } from '../array/shape.ts';
import { FormatError, isNnError } from '../errors/errors.ts';
import { language } from '../ops/trace.ts';
import type { Instr, Program, Slot } from '../program/program.ts';

/**
 * Checks that every slot is written once and before it is read, that every op exists and that its outputs are what its inputs imply.
 * @throws FormatError naming the instruction and what is wrong with it
 */
export function validate(program: Program): void {
  if (program.version !== 1) throw new FormatError(`The program has version ${String(program.version)}; this release reads version 1.`);
  const written = new Set<Slot>();
  const write = (slot: Slot, by: string): void => {
    expectSlot(program, slot, by);
    if (written.has(slot)) throw new FormatError(`${by} writes slot %${slot}, which is written already.`);
    written.add(slot);
  };
  const read = (slot: Slot, by: string): void => {
    expectSlot(program, slot, by);
    if (!written.has(slot)) throw new FormatError(`${by} reads slot %${slot} before anything writes it.`);
  };

  for (const [name, slot] of Object.entries(program.inputs)) write(slot, `Input "${name}"`);
  for (const [name, use] of Object.entries(program.variables)) write(use.read, `Variable "${name}"`);
  for (const [slot, value] of Object.entries(program.constants)) {
    write(Number(slot), 'A constant');
    expectSpec(value, program.slots[Number(slot)]!, `Constant %${slot}`);
  }
  program.instrs.forEach((instr, index) => {
    const by = `Instruction ${index} (${instr.op})`;
    for (const slot of instr.in) read(slot, by);
    for (const slot of instr.out) if (slot !== null) write(slot, by);
    checkOutputs(program, instr, by);
  });
  for (const [name, slot] of Object.entries(program.outputs)) read(slot, `Output "${name}"`);
  for (const [name, use] of Object.entries(program.variables)) {
    if (use.write === undefined) continue;
    read(use.write, `Variable "${name}"`);
    expectSpec(program.slots[use.write]!, program.slots[use.read]!, `The new value of variable "${name}"`);
  }
}

function checkOutputs(program: Program, instr: Instr, by: string): void {
  const inferred = inferOutputs(program, instr, by);
  if (instr.out.length !== inferred.length) {
    throw new FormatError(`${by} has ${instr.out.length} outputs; the op has ${inferred.length}.`);
  }
  inferred.forEach((spec, k) => {
    const slot = instr.out[k]!;
    if (slot !== null) expectSpec(program.slots[slot]!, spec, `Output ${k} of ${by}`);
  });
}

function inferOutputs(program: Program, instr: Instr, by: string): readonly TensorSpec[] {
  try {
    return language.infer(
      instr.op,
      instr.in.map((slot) => program.slots[slot]!),
      instr.attrs,
    );
  } catch (error) {
    // Attributes of a file can be anything, so an op may fail on them in any way.
    const reason = isNnError(error) ? error.message : `its attributes are not those of the op (${String(error)}).`;
    throw new FormatError(`${by}: ${reason}`, 'format.invalid', { cause: error });
  }
}

function expectSlot(program: Program, slot: Slot, by: string): void {
  if (!Number.isInteger(slot) || slot < 0 || slot >= program.slots.length) {
    throw new FormatError(`${by} names slot %${slot}; the program has ${program.slots.length} slots.`);
  }
}

function expectSpec(actual: TensorSpec, expected: TensorSpec, what: string): void {
  if (actual.dtype !== expected.dtype || !sameShape(actual.shape, expected.shape)) {
    throw new FormatError(`${what} is ${specText(actual)}, but ${specText(expected)} is right.`);
  }
}
