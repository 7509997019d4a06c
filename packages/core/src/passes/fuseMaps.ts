// `fuseMaps`: a map whose only reader is another map of the same shape becomes part of it, by substitution of its expression.
import { sameShape } from '../array/shape.ts';
import type { MapAttrs } from '../ops/instructions.ts';
import { scalarTypeOf } from '../ops/instructions.ts';
import type { Program, Slot } from '../program/program.ts';
import { input, linearize, simplify, substitute } from '../scalar/index.ts';
import type { Expr } from '../scalar/types.ts';
import { resultSlots } from './eliminate.ts';
import { ProgramWriter, originsOf } from './writer.ts';

export interface FuseOptions {
  /** Largest number of inputs of a fused map; devices bind a limited number of buffers. */
  readonly maxInputs?: number;
  /** Largest number of distinct scalar operations of a fused map. */
  readonly maxSteps?: number;
}

interface FusedMap {
  readonly expression: Expr;
  readonly in: readonly Slot[];
  readonly origins: readonly number[];
}

/** The program with chains of maps as single maps: one pass over memory instead of one per operation. */
export function fuseMaps(program: Program, { maxInputs = 16, maxSteps = 256 }: FuseOptions = {}): Program {
  const readers = countReaders(program);
  const fused = new Map<Slot, FusedMap>();
  const absorbed = new Set<Slot>();

  program.instrs.forEach((instr, index) => {
    if (instr.op !== 'map') return;
    const out = instr.out[0]!;
    let current: FusedMap = { expression: (instr.attrs as MapAttrs).expression, in: instr.in, origins: originsOf(instr, index) };
    for (const slot of new Set(instr.in)) {
      const producer = fused.get(slot);
      if (producer === undefined || readers.get(slot) !== 1 || !sameShape(program.slots[slot]!.shape, program.slots[out]!.shape)) continue;
      const merged = merge(program.slots, current, slot, producer);
      if (merged.in.length > maxInputs || linearize(merged.expression).steps.length > maxSteps) continue;
      current = merged;
      absorbed.add(slot);
    }
    fused.set(out, current);
  });

  const writer = new ProgramWriter(program);
  program.instrs.forEach((instr, index) => {
    const out = instr.out[0];
    const map = instr.op === 'map' ? fused.get(out!) : undefined;
    if (map === undefined) {
      writer.copy(index);
    } else if (!absorbed.has(out!)) {
      const inputs = map.in.map((slot) => writer.at(slot));
      writer.append({ ...instr, attrs: { expression: map.expression }, in: inputs, out: [writer.define(out!)], origins: map.origins });
    }
  });
  return writer.finish();
}

/** The consumer with every read of `slot` replaced by the producer's expression; inputs that both read are read once. */
function merge(slots: Program['slots'], consumer: FusedMap, slot: Slot, producer: FusedMap): FusedMap {
  // Inputs that no expression reads stretch the result, so they stay inputs too.
  const inputs = [...new Set([...consumer.in.filter((source) => source !== slot), ...producer.in])];
  const read = (source: Slot): Expr => input(inputs.indexOf(source), scalarTypeOf[slots[source]!.dtype]);
  const inner = substitute(producer.expression, producer.in.map(read));
  const outer = substitute(
    consumer.expression,
    consumer.in.map((source) => (source === slot ? inner : read(source))),
  );
  return { expression: simplify(outer), in: inputs, origins: [...producer.origins, ...consumer.origins] };
}

/** How many instructions read each slot; results count as one more reader. */
function countReaders(program: Program): Map<Slot, number> {
  const readers = new Map<Slot, number>();
  const count = (slot: Slot): void => void readers.set(slot, (readers.get(slot) ?? 0) + 1);
  for (const instr of program.instrs) new Set(instr.in).forEach(count);
  resultSlots(program).forEach(count);
  return readers;
}
