// Removing work: instructions nobody reads (`eliminateDead`) and instructions that compute the same (`commonSubexpressions`).
import type { Instr, Program, Slot } from '../program/program.ts';
import { encode } from '../program/text.ts';
import { ProgramWriter } from './writer.ts';

/** Slots that must have their value after the run: outputs and written variables. */
export function resultSlots(program: Program): Set<Slot> {
  const results = new Set(Object.values(program.outputs));
  for (const { write } of Object.values(program.variables)) if (write !== undefined) results.add(write);
  return results;
}

/** The program without instructions, outputs of composites and constants that no result depends on. */
export function eliminateDead(program: Program): Program {
  const needed = resultSlots(program);
  const live = program.instrs.map(() => false);
  for (let index = program.instrs.length - 1; index >= 0; index--) {
    const instr = program.instrs[index]!;
    if (!instr.out.some((slot) => slot !== null && needed.has(slot))) continue;
    live[index] = true;
    for (const slot of instr.in) needed.add(slot);
  }
  const constants = Object.fromEntries(Object.entries(program.constants).filter(([slot]) => needed.has(Number(slot))));
  const writer = new ProgramWriter({ ...program, constants });
  live.forEach((isLive, index) => {
    if (isLive) writer.copy(index, (slot) => needed.has(slot));
  });
  return writer.finish();
}

/** The program with instructions of equal op, attributes and inputs computed once. Every op is a pure function, random bits too. */
export function commonSubexpressions(program: Program): Program {
  const writer = new ProgramWriter(program);
  const known = new Map<string, Instr>();
  program.instrs.forEach((instr, index) => {
    const key = encode([instr.op, instr.attrs, instr.in.map((slot) => writer.at(slot))]);
    const earlier = known.get(key);
    if (
      earlier !== undefined &&
      earlier.out.length === instr.out.length &&
      instr.out.every((slot, k) => slot === null || earlier.out[k] !== null)
    ) {
      instr.out.forEach((slot, k) => {
        if (slot !== null) writer.rename.set(slot, earlier.out[k]!);
      });
      return;
    }
    known.set(key, writer.copy(index));
  });
  return writer.finish();
}
