// `unroll`: k runs of a program as one program, so that a backend can run many steps in one call.
import { ConfigError } from '../errors/errors.ts';
import type { Instr, Program, Slot, VariableUse } from '../program/program.ts';
import type { NdArray } from '../array/ndarray.ts';
import type { TensorSpec } from '../array/dtype.ts';
import { mapValues, originsOf } from './writer.ts';

/**
 * The program that does what `count` runs of `program` in a row do. Variables pass from run to run inside; the input `x` and
 * output `loss` of run i are named `x@i` and `loss@i`.
 * @throws ConfigError unless `count` is a positive integer
 */
export function unroll(program: Program, count: number): Program {
  if (!Number.isInteger(count) || count < 1) throw new ConfigError(`unroll: count is ${count}, but a positive integer is needed.`);
  const slots: TensorSpec[] = [];
  const instrs: Instr[] = [];
  const constants: Record<Slot, NdArray> = {};
  const inputs = Object.create(null) as Record<string, Slot>;
  const outputs = Object.create(null) as Record<string, Slot>;
  const newSlot = (slot: Slot): Slot => slots.push(program.slots[slot]!) - 1;

  const reads = mapValues(program.variables, ({ read }) => newSlot(read));
  const shared = new Map<Slot, Slot>();
  for (const [slot, value] of Object.entries(program.constants)) {
    const place = newSlot(Number(slot));
    shared.set(Number(slot), place);
    constants[place] = value;
  }
  let current = reads;
  for (let run = 0; run < count; run++) {
    const place = new Map(shared);
    for (const [name, { read }] of Object.entries(program.variables)) place.set(read, current[name]!);
    for (const [name, slot] of Object.entries(program.inputs)) place.set(slot, (inputs[`${name}@${run}`] = newSlot(slot)));
    program.instrs.forEach((instr, index) => {
      const read = instr.in.map((slot) => place.get(slot)!);
      const out = instr.out.map((slot) => {
        if (slot === null) return null;
        const fresh = newSlot(slot);
        place.set(slot, fresh);
        return fresh;
      });
      instrs.push({ ...instr, in: read, out, origins: originsOf(instr, index) });
    });
    for (const [name, slot] of Object.entries(program.outputs)) outputs[`${name}@${run}`] = place.get(slot)!;
    const before: Readonly<Record<string, Slot>> = current;
    current = Object.assign(
      Object.create(null) as Record<string, Slot>,
      Object.fromEntries(
        Object.entries(program.variables).map(([name, { write }]) => [name, write === undefined ? before[name]! : place.get(write)!]),
      ),
    );
  }
  const variables = Object.create(null) as Record<string, VariableUse>;
  for (const [name, { write }] of Object.entries(program.variables)) {
    variables[name] = write === undefined ? { read: reads[name]! } : { read: reads[name]!, write: current[name]! };
  }
  return { version: 1, slots, instrs, inputs, constants, variables, outputs };
}
