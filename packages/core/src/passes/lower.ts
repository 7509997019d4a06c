// `lower`: replaces the composites that a backend does not keep by their definitions.
import type { TensorSpec } from '../array/dtype.ts';
import type { Instr, Program, Slot } from '../program/program.ts';
import { encode } from '../program/text.ts';
import { opNamed } from '../ops/table.ts';
import { decompose } from '../ops/trace.ts';
import { ProgramWriter, originsOf } from './writer.ts';

/** Which composites stay whole. */
export type Keeps = (instr: Instr, slots: readonly TensorSpec[]) => boolean;

/** The program with primitives and kept composites only. Definitions that contain composites are lowered in turn. */
export function lower(program: Program, keeps: Keeps): Program {
  const mustExpand = (instr: Instr, slots: readonly TensorSpec[]): boolean =>
    opNamed(instr.op).kind === 'composite' && !keeps(instr, slots);
  let lowered = program;
  while (lowered.instrs.some((instr) => mustExpand(instr, lowered.slots))) lowered = expandOnce(lowered, mustExpand);
  return lowered;
}

function expandOnce(program: Program, mustExpand: Keeps): Program {
  const writer = new ProgramWriter(program);
  const definitions = new Map<string, Program>();
  program.instrs.forEach((instr, index) => {
    if (!mustExpand(instr, program.slots)) {
      writer.copy(index);
      return;
    }
    const specs = instr.in.map((slot) => program.slots[slot]!);
    const key = encode([instr.op, instr.attrs, specs]);
    const definition = definitions.get(key) ?? decompose(instr.op, specs, instr.attrs);
    definitions.set(key, definition);
    inline(writer, instr, definition, originsOf(instr, index));
  });
  return writer.finish();
}

/** Appends a definition in place of an instruction; its outputs become those of the instruction. */
function inline(writer: ProgramWriter, instr: Instr, definition: Program, origins: readonly number[]): void {
  const place = new Map<Slot, Slot>();
  for (const [name, slot] of Object.entries(definition.inputs)) place.set(slot, writer.at(instr.in[Number(name)]!));
  for (const [slot, value] of Object.entries(definition.constants)) place.set(Number(slot), writer.constant(value));
  for (const inner of definition.instrs) {
    const inputs = inner.in.map((slot) => place.get(slot)!);
    const out = inner.out.map((slot) => {
      if (slot === null) return null;
      const fresh = writer.slot(definition.slots[slot]!);
      place.set(slot, fresh);
      return fresh;
    });
    writer.append({
      ...inner,
      in: inputs,
      out,
      path: instr.path,
      origins,
      ...(instr.source === undefined ? {} : { source: instr.source }),
    });
  }
  const op = opNamed(instr.op);
  if (op.kind === 'primitive') return;
  op.outputNames.forEach((name, index) => {
    const outer = instr.out[index];
    if (outer !== null && outer !== undefined) writer.rename.set(outer, place.get(definition.outputs[name]!)!);
  });
}
