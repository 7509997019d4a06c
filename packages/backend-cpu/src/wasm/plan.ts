// From the steps of a program to its commands: maps that share what they read or make become one loop, which goes over the memory once,
// and sums that another step comes by are left to that step. An update of Adam, which is three maps per parameter, reads the gradient and
// the moments once and writes each result once.
import { sameShape } from '@nn/core';
import type { ReduceAttrs, Step } from '@nn/core';
import type { JoinableMap, Pointers, WasmBuffer, WasmCommand, WasmStep } from './command.ts';
import type { NumberedMap } from './emit/join.ts';
import { joinMaps } from './emit/join.ts';

/** As core gives it: buffers of variables are not known before a store is bound. */
type GivenStep = Step<WasmBuffer | undefined, WasmStep>;

/** Commands that belong together, what instruction to name when one fails, and where their elements are. */
export interface PlannedStep {
  readonly owner: GivenStep;
  readonly commands: readonly WasmCommand[];
  readonly pointers: () => Omit<Pointers, 'workspace'>;
}

/** How many loops back a map looks for one that it can join, and what a loop may grow to: every array takes a register. */
const reach = 8;
const mostArrays = 12;

/** Steps that are done at once, in the order in which they could be done one by one, and the arrays they read and write. */
interface Work {
  readonly steps: readonly GivenStep[];
  readonly reads: ReadonlySet<Place>;
  readonly writes: ReadonlySet<Place>;
}

/** What tells arrays apart: their buffer, or for variables, which programs never write while they run, their slot. */
type Place = WasmBuffer | number;

export function planSteps(steps: readonly GivenStep[]): PlannedStep[] {
  const plan: Work[] = [];
  for (const step of steps) {
    const work = workOf([step]);
    if (!(step.run.map === undefined ? leaveToEarlier(plan, work) : joinEarlier(plan, work))) plan.push(work);
  }
  return plan.map((work) => {
    const [first, second] = work.steps as [GivenStep, GivenStep?];
    if (second === undefined) return alone(first);
    return first.run.map === undefined ? withByproduct(first, second) : joined(work);
  });
}

/** Leaves a sum to one of the last steps that comes by it; false if there is none. */
function leaveToEarlier(plan: Work[], work: Work): boolean {
  const [sum] = work.steps as [GivenStep];
  if (sum.instr.op !== 'reduce') return false;
  const { kind, axes } = sum.instr.attrs as ReduceAttrs;
  for (let index = plan.length - 1; kind === 'sum' && index >= Math.max(0, plan.length - reach); index--) {
    const [step, another] = plan[index]!.steps as [GivenStep, GivenStep?];
    const { byproduct } = step.run;
    if (byproduct === undefined || another !== undefined) continue;
    if (placeOf(step, byproduct.input) !== placeOf(sum, 0) || !sameAxes(byproduct.axes, axes)) continue;
    const read = step.inputs.flatMap((_, input) => (byproduct.overwrites.includes(input) ? [] : [placeOf(step, input)]));
    if (!disjoint(new Set(read), work.writes) || !disjoint(plan[index]!.writes, work.writes)) continue;
    if (!plan.slice(index + 1).every((other) => commute(other, work))) continue;
    plan[index] = workOf([step, sum]);
    return true;
  }
  return false;
}

function sameAxes(first: readonly number[], second: readonly number[]): boolean {
  return first.length === second.length && first.every((axis) => second.includes(axis));
}

/** Makes `work` part of one of the last loops, where that is moved to, or where `work` may be moved to; false if there is none. */
function joinEarlier(plan: Work[], work: Work): boolean {
  for (let index = plan.length - 1; index >= Math.max(0, plan.length - reach); index--) {
    const loop = plan[index]!;
    if (!canJoin(loop, work)) continue;
    const between = plan.slice(index + 1);
    const both = workOf([...loop.steps, ...work.steps]);
    if (between.every((other) => commute(other, work))) {
      plan[index] = both;
      return true;
    }
    if (between.every((other) => commute(loop, other))) {
      plan.splice(index, 1);
      plan.push(both);
      return true;
    }
  }
  return false;
}

/** Whether two loops go over the same elements and have enough in common to be worth it. */
function canJoin(loop: Work, next: Work): boolean {
  const [first, second] = [loop.steps[0]!.run.map, next.steps[0]!.run.map!];
  if (first === undefined || !sameShape(first.output.shape, second.output.shape)) return false;
  if (new Set([...loop.reads, ...next.reads, ...loop.writes, ...next.writes]).size > mostArrays) return false;
  // An array that is written twice would have to be written in order.
  if (!disjoint(loop.writes, next.writes)) return false;
  const known = new Set([...loop.writes, ...large(loop)]);
  return large(next).some((place) => known.has(place));
}

/** The arrays a loop reads that are as large as its results. */
function large({ steps }: Work): Place[] {
  return steps.flatMap((step) =>
    step.run.map!.inputs.flatMap(({ shape }, input) => (sameShape(shape, step.run.map!.output.shape) ? [placeOf(step, input)] : [])),
  );
}

/** Whether it makes no difference which of two is done first. */
function commute(first: Work, second: Work): boolean {
  return disjoint(first.writes, second.reads) && disjoint(first.reads, second.writes) && disjoint(first.writes, second.writes);
}

function disjoint(first: ReadonlySet<Place>, second: ReadonlySet<Place>): boolean {
  for (const place of first) if (second.has(place)) return false;
  return true;
}

function workOf(steps: readonly GivenStep[]): Work {
  return {
    steps,
    reads: new Set(steps.flatMap((step) => step.inputs.map((_, input) => placeOf(step, input)))),
    writes: new Set(steps.flatMap((step) => step.outputs.filter((buffer) => buffer !== null && buffer !== undefined))),
  };
}

function placeOf({ instr, inputs }: GivenStep, input: number): Place {
  return inputs[input] ?? instr.in[input]!;
}

function alone(step: GivenStep): PlannedStep {
  const pointers = (): Omit<Pointers, 'workspace'> => ({ inputs: step.inputs.map(pointerOf), outputs: step.outputs.map(pointerOf) });
  return { owner: step, commands: step.run.commands, pointers };
}

/** A step and the sum that it comes by. */
function withByproduct(step: GivenStep, sum: GivenStep): PlannedStep {
  return {
    owner: step,
    commands: step.run.byproduct!.commands,
    pointers: () => ({ inputs: step.inputs.map(pointerOf), outputs: [...step.outputs, ...sum.outputs].map(pointerOf) }),
  };
}

/** Several maps as one command. */
function joined({ steps }: Work): PlannedStep {
  const numbers = new Map<Place, number>();
  const sources: { readonly step: GivenStep; readonly map: JoinableMap; readonly input: number }[] = [];
  const targets = new Map<number, GivenStep>();
  const numberOf = (place: Place): number => {
    const number = numbers.get(place) ?? numbers.size;
    numbers.set(place, number);
    return number;
  };
  const maps = steps.map((step): NumberedMap => {
    const map = step.run.map!;
    const read = map.inputs.map((_, input) => {
      const number = numberOf(placeOf(step, input));
      sources[number] ??= { step, map, input };
      return number;
    });
    const out = numberOf(step.outputs[0]!);
    targets.set(out, step);
    return { expression: map.expression, in: read, out };
  });
  const { shape } = steps[0]!.run.map!.output;
  const loop = joinMaps(maps, shape, (number) => sources[number]!.map.inputs[sources[number]!.input]!);
  return {
    owner: steps[0]!,
    commands: [steps[0]!.run.map!.compile(loop.group)],
    pointers: () => ({
      inputs: loop.in.map((number) => pointerOf(sources[number]!.step.inputs[sources[number]!.input])),
      outputs: loop.out.map((number) => pointerOf(targets.get(number)!.outputs[0])),
    }),
  };
}

function pointerOf(buffer: WasmBuffer | null | undefined): number {
  return buffer?.pointer ?? 0;
}
