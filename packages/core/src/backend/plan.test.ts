// Buffers are shared between slots, and never between two that are in use at the same time.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { full } from '../array/ndarray.ts';
import { add, mul } from '../ops/elementwise.ts';
import { sum } from '../ops/reductions.ts';
import { constant, reshape } from '../ops/shaping.ts';
import { trace } from '../ops/trace.ts';
import type { Program, Slot } from '../program/program.ts';
import type { Tensor } from '../program/tensor.ts';
import { planBuffers } from './plan.ts';

/** Large enough to share buffers. */
const size = 1024;
const vector = { shape: [size], dtype: 'f32' } as const;

/** Where a slot's elements are: a scratch buffer, or a place of their own. */
function places(program: Program): (slot: Slot) => string {
  const plan = planBuffers(program);
  const scratchOf = new Map(plan.scratch.flatMap(({ slots }, buffer) => slots.map((slot): [Slot, string] => [slot, `scratch ${buffer}`])));
  return (slot) => scratchOf.get(plan.holders[slot]!) ?? `slot ${plan.holders[slot]!}`;
}

/** A program of sums, products, reshapes and reductions over earlier values, picked by number. */
function randomProgram(choices: readonly (readonly [kind: number, a: number, b: number])[], outputs: readonly number[]): Program {
  return trace({ x: vector }, ({ x }, recording) => {
    const kept = recording.readVariable('kept', vector);
    const all: Tensor[] = [x, kept, constant(full([size], 1))];
    const pick = (index: number): Tensor => all[index % all.length]!;
    const flat = (tensor: Tensor): Tensor => reshape(tensor, [size]);
    for (const [kind, a, b] of choices) {
      const [left, right] = [pick(a), pick(b)];
      if (kind === 0) all.push(add(flat(left), flat(right)));
      else if (kind === 1) all.push(mul(flat(left), flat(right)));
      else if (kind === 2) all.push(reshape(left, left.shape.length === 1 ? [2, size / 2] : [size]));
      else all.push(mul(flat(left), sum(right)));
    }
    recording.writeVariable('kept', flat(all.at(-1)!));
    return Object.fromEntries(outputs.map((index, name) => [`y${name}`, pick(index)]));
  });
}

/** Runs a program on paper: buffers hold the name of the slot written last, which every reader must find there. */
function simulate(program: Program): void {
  const place = places(program);
  const holders = planBuffers(program).holders;
  const content = new Map<string, Slot>();
  for (const slot of [
    ...Object.values(program.inputs),
    ...Object.values(program.variables).map(({ read }) => read),
    ...Object.keys(program.constants).map(Number),
  ]) {
    content.set(place(slot), slot);
  }
  const expectHeld = (slot: Slot): void => expect(content.get(place(slot))).toBe(holders[slot]);
  for (const { op, in: read, out } of program.instrs) {
    read.forEach(expectHeld);
    if (op === 'reshape') continue;
    for (const slot of out) {
      if (slot === null) continue;
      expect(read.map(place)).not.toContain(place(slot));
      content.set(place(slot), slot);
    }
  }
  Object.values(program.outputs).forEach(expectHeld);
  for (const { read, write } of Object.values(program.variables)) [read, write ?? read].forEach(expectHeld);
}

describe('planBuffers', () => {
  it('gives every reader what was written for it', () => {
    const choice = fc.tuple(fc.nat(3), fc.nat(40), fc.nat(40));
    fc.assert(
      fc.property(fc.array(choice, { minLength: 1, maxLength: 30 }), fc.array(fc.nat(40), { maxLength: 3 }), (choices, outputs) => {
        simulate(randomProgram(choices, outputs));
      }),
    );
  });

  it('runs a long chain in two buffers', () => {
    const program = trace({ x: vector }, ({ x }) => {
      let y = x;
      for (let index = 0; index < 20; index++) y = add(y, 1);
      return y;
    });
    expect(planBuffers(program).scratch).toHaveLength(2);
  });

  it('gives small arrays buffers of their own', () => {
    const program = trace({ x: { shape: [size - 1], dtype: 'f32' } }, ({ x }) => add(add(add(x, 1), 1), 1));
    expect(planBuffers(program).scratch).toHaveLength(3);
  });

  it('shares no buffer between dtypes', () => {
    const program = trace({ x: vector }, ({ x }) => {
      const positive = x.cast('bool');
      return { a: positive.cast('f32').cast('i32').cast('f32') };
    });
    const dtypes = planBuffers(program).scratch.map(({ spec, slots }) => [spec.dtype, ...slots.map((slot) => program.slots[slot]!.dtype)]);
    for (const names of dtypes) expect(new Set(names).size).toBe(1);
  });
});
