// Which buffer holds which slot: reshapes share one, and scratch buffers are used again once nobody reads them any more.
import type { TensorSpec } from '../array/dtype.ts';
import { sizeOf } from '../array/shape.ts';
import { liveness } from '../passes/liveness.ts';
import { holdersOf, isView } from '../passes/views.ts';
import type { Instr, Program, Slot } from '../program/program.ts';
import type { Demand } from './memory.ts';

/** A buffer and the slots it holds, one after the other. */
export interface PlannedBuffer extends Demand {
  readonly slots: readonly Slot[];
}

/** Where the slots of a program live. Those of variables live in the store. */
export interface Plan {
  /** Per slot, the slot whose buffer holds its elements: itself, or what it is a reshape of. */
  readonly holders: readonly Slot[];
  readonly inputs: readonly PlannedBuffer[];
  readonly constants: readonly PlannedBuffer[];
  /** For what instructions write. */
  readonly scratch: readonly PlannedBuffer[];
}

/** An instruction in messages: its layer and its op. */
export function nameOf({ path, op }: Instr): string {
  return path === '' ? op : `${path} (${op})`;
}

/** Decides where every slot lives. */
export function planBuffers(program: Program): Plan {
  const { slots } = program;
  const holders = holdersOf(program);
  return {
    holders,
    inputs: Object.entries(program.inputs).map(([name, slot]) => ({ name: `input "${name}"`, spec: slots[slot]!, slots: [slot] })),
    constants: Object.keys(program.constants).map((slot) => ({ name: 'constant', spec: slots[Number(slot)]!, slots: [Number(slot)] })),
    scratch: planScratch(program, holders),
  };
}

/** Elements from which on a buffer is used again. Sharing smaller ones saves nothing, and keeps steps in order that could change places. */
const worthSharing = 1024;

function planScratch(program: Program, holders: readonly Slot[]): PlannedBuffer[] {
  const lastUse = lastUses(program, holders);
  const buffers: (Demand & { readonly slots: Slot[] })[] = [];
  const bufferOf = new Map<Slot, number>();
  const idle = new Map<string, number[]>();

  program.instrs.forEach((instr, index) => {
    const { op, in: read, out } = instr;
    if (isView(op)) return;
    const written = out.filter((slot) => slot !== null);
    for (const slot of written) {
      const spec = program.slots[slot]!;
      const reused = idle.get(kindOf(spec))?.pop();
      if (reused === undefined) buffers.push({ name: nameOf(instr), spec, slots: [] });
      const buffer = reused ?? buffers.length - 1;
      buffers[buffer]!.slots.push(slot);
      bufferOf.set(slot, buffer);
    }
    for (const slot of new Set([...read.map((input) => holders[input]!), ...written])) {
      const buffer = bufferOf.get(slot);
      if (buffer === undefined || lastUse[slot]! > index) continue;
      const spec = program.slots[slot]!;
      if (sizeOf(spec.shape) < worthSharing) continue;
      const kind = kindOf(spec);
      idle.set(kind, [...(idle.get(kind) ?? []), buffer]);
    }
  });
  return buffers;
}

/** Per holder, the last instruction that reads it under any of its shapes; beyond the end for outputs and written variables. */
function lastUses(program: Program, holders: readonly Slot[]): number[] {
  const { last } = liveness(program);
  const lastUse = [...last];
  holders.forEach((holder, slot) => {
    lastUse[holder] = Math.max(lastUse[holder]!, last[slot]!);
  });
  return lastUse;
}

/** Buffers of one kind can stand in for each other. */
function kindOf(spec: TensorSpec): string {
  return `${spec.dtype}:${sizeOf(spec.shape)}`;
}
