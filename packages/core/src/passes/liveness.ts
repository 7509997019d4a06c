// `liveness`: from when to when each slot holds a value, so that memory can be shared between slots.
import type { Program } from '../program/program.ts';
import { resultSlots } from './eliminate.ts';

/**
 * First and last instruction during which each slot is in use. Inputs, variables and constants start at −1; results last until
 * the number of instructions (after the last one). A slot never used has last = first.
 */
export interface Liveness {
  readonly first: readonly number[];
  readonly last: readonly number[];
}

export function liveness(program: Program): Liveness {
  const first = program.slots.map(() => -1);
  const last = program.slots.map(() => -1);
  program.instrs.forEach((instr, index) => {
    for (const slot of instr.in) last[slot] = index;
    for (const slot of instr.out) {
      if (slot === null) continue;
      first[slot] = index;
      last[slot] = index;
    }
  });
  for (const slot of resultSlots(program)) last[slot] = program.instrs.length;
  return { first, last };
}
