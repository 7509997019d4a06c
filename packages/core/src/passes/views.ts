// Instructions that give the elements of another slot under another shape.
import type { Program, Slot } from '../program/program.ts';

/** True for instructions that move no element and need no kernel. */
export function isView(op: string): boolean {
  return op === 'reshape';
}

/** Per slot, the slot whose buffer holds its elements: itself, or what it is a reshape of. */
export function holdersOf(program: Program): Slot[] {
  const holders = program.slots.map((_, slot) => slot);
  for (const {
    op,
    in: [source],
    out: [view],
  } of program.instrs) {
    if (isView(op) && source !== undefined && typeof view === 'number') holders[view] = holders[source]!;
  }
  return holders;
}
