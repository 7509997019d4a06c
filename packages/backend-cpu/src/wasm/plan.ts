// From the steps of a program to its commands: maps that share what they read or make become one loop, which goes over the memory once,
// and sums are left to steps that come by them. An update of Adam, which is three maps per parameter, and the norm of the gradient, which
// is another and a sum, read the gradient and the moments once and write each result once.
import { sameShape, sizeOf } from '@nn/core';
import type { ReduceAttrs, Slot } from '@nn/core';
import type { JoinableMap, Pointers, WasmBuffer, WasmCommand } from './command.ts';
import type { NumberedMap } from './emit/join.ts';
import { joinMaps } from './emit/join.ts';
import { partialSumBytes, sumCommand } from './kernels/map.ts';
import { disjoint, joinInto, placeOf, Readers } from './work.ts';
import type { GivenStep, Place, Work } from './work.ts';

/** Commands that belong together, what instruction to name when one fails, and where their elements are. */
export interface PlannedStep {
  readonly owner: GivenStep;
  readonly commands: readonly WasmCommand[];
  /** Bytes of memory that the commands share. */
  readonly workspace: number;
  readonly pointers: () => Omit<Pointers, 'workspace'>;
}

/** How many pieces of work back a step looks for one that it can join, and what a loop may grow to: every array takes a register. */
const reach = 24;
const mostArrays = 12;

/** @param results slots that are read after the last step */
export function planSteps(steps: readonly GivenStep[], results: ReadonlySet<Slot>): PlannedStep[] {
  const readers = new Readers(steps, results);
  const plan: Work[] = [];
  for (const step of steps) {
    const work = readers.workOf([step]);
    if (!joinEarlier(plan, work, readers)) plan.push(work);
  }
  return plan.map((work) => {
    const [first, second] = work.steps as [GivenStep, GivenStep?];
    if (second === undefined) return alone(first);
    return first.run.map === undefined ? withByproduct(first, second) : joined(work, readers);
  });
}

/** Makes `work`, which is one step, part of one of the last pieces of work; false if there is none. */
function joinEarlier(plan: Work[], work: Work, readers: Readers): boolean {
  const [step] = work.steps as [GivenStep];
  const canJoin = step.run.map !== undefined ? canJoinLoop : isSum(step) ? canLeaveSum : undefined;
  if (canJoin === undefined) return false;
  for (let index = plan.length - 1; index >= Math.max(0, plan.length - reach); index--) {
    const other = plan[index]!;
    if (canJoin(other, work, readers) && joinInto(plan, index, work, readers.workOf([...other.steps, step]))) return true;
  }
  return false;
}

/** Whether two loops go over the same elements and have enough in common to be worth it. */
function canJoinLoop(loop: Work, next: Work): boolean {
  const [first, second] = [loop.steps[0]!.run.map, next.steps[0]!.run.map!];
  if (first === undefined || !sameShape(first.output.shape, second.output.shape)) return false;
  if (new Set([...loop.reads, ...next.reads, ...loop.writes, ...next.writes]).size > mostArrays) return false;
  // An array that is written twice would have to be written in order.
  if (!disjoint(loop.writes, next.writes)) return false;
  const sums = loop.steps.filter(isSum);
  // Sums are there when the loop is done.
  if (sums.length > 0 && !(isFlat(second) && disjoint(new Set(sums.map(({ outputs }) => outputs[0]!)), next.reads))) return false;
  const known = new Set(loop.steps.flatMap((step) => [...step.outputs.filter(isBuffer), ...largeInputs(step)]));
  return largeInputs(next.steps[0]!).some((place) => known.has(place));
}

/** Whether a sum is of what a loop makes, over all elements, or of what another step comes by. */
function canLeaveSum(other: Work, work: Work, readers: Readers): boolean {
  const [sum] = work.steps as [GivenStep];
  const { axes } = sum.instr.attrs as ReduceAttrs;
  const [step, ...more] = other.steps as [GivenStep, ...GivenStep[]];
  if (step.run.map !== undefined) {
    const maps = other.steps.filter(({ run }) => run.map !== undefined);
    const writer = readers.writerOf(sum, 0);
    const source = maps.find((map) => map === writer);
    const isSummed = other.steps.some((earlier) => isSum(earlier) && readers.writerOf(earlier, 0) === source);
    if (source === undefined || isSummed || source.outputs[0]!.dtype !== 'f32' || sum.outputs[0]!.length !== 1) return false;
    return maps.every(({ run }) => isFlat(run.map!)) && disjoint(other.writes, work.writes);
  }
  const { byproduct } = step.run;
  if (byproduct === undefined || more.length > 0) return false;
  if (placeOf(step, byproduct.input) !== placeOf(sum, 0) || !sameAxes(byproduct.axes, axes)) return false;
  const read = step.inputs.flatMap((_, input) => (byproduct.overwrites.includes(input) ? [] : [placeOf(step, input)]));
  return disjoint(new Set(read), work.writes) && disjoint(other.writes, work.writes);
}

function isSum({ instr }: GivenStep): boolean {
  return instr.op === 'reduce' && (instr.attrs as ReduceAttrs).kind === 'sum';
}

/** Whether a map reads arrays of the shape of its result and single elements only, so that it is one row. */
function isFlat({ inputs, output }: JoinableMap): boolean {
  return inputs.every(({ shape }) => sizeOf(shape) === 1 || sameShape(shape, output.shape));
}

/** The arrays a map reads that are as large as its result. */
function largeInputs(step: GivenStep): Place[] {
  const { inputs, output } = step.run.map ?? { inputs: [] };
  return inputs.flatMap(({ shape }, input) => (sameShape(shape, output!.shape) ? [placeOf(step, input)] : []));
}

function sameAxes(first: readonly number[], second: readonly number[]): boolean {
  return first.length === second.length && first.every((axis) => second.includes(axis));
}

function alone(step: GivenStep): PlannedStep {
  return {
    owner: step,
    commands: step.run.commands,
    workspace: step.run.workspace ?? 0,
    pointers: () => ({ inputs: step.inputs.map(pointerOf), outputs: step.outputs.map(pointerOf) }),
  };
}

/** A step and the sum that it comes by. */
function withByproduct(step: GivenStep, sum: GivenStep): PlannedStep {
  return {
    ...alone(step),
    commands: step.run.byproduct!.commands,
    pointers: () => ({ inputs: step.inputs.map(pointerOf), outputs: [...step.outputs, ...sum.outputs].map(pointerOf) }),
  };
}

/** Several maps as one command, and one more for each sum of what they make. */
function joined({ steps }: Work, readers: Readers): PlannedStep {
  // What a step of the loop makes has that step's number: its buffer may hold something else before.
  const numbers = new Map<Place | GivenStep, number>();
  const sources: { readonly step: GivenStep; readonly map: JoinableMap; readonly input: number }[] = [];
  const written: GivenStep[] = [];
  const sums: GivenStep[] = [];
  const numberOf = (value: Place | GivenStep): number => {
    const number = numbers.get(value) ?? numbers.size;
    numbers.set(value, number);
    return number;
  };
  const maps = steps.flatMap((step): NumberedMap[] => {
    const { map } = step.run;
    if (map === undefined) return [];
    const read = map.inputs.map((_, input) => {
      const writer = readers.writerOf(step, input);
      const number = numberOf(writer !== undefined && steps.includes(writer) ? writer : placeOf(step, input));
      sources[number] ??= { step, map, input };
      return number;
    });
    const sum = steps.find((other) => isSum(other) && readers.writerOf(other, 0) === step);
    const isWritten = readers.isNeededOutside(step, steps);
    if (isWritten) written.push(step);
    if (sum !== undefined) sums.push(sum);
    return [{ expression: map.expression, in: read, out: numberOf(step), isWritten, isSummed: sum !== undefined }];
  });
  const { map } = steps[0]!.run;
  const { shape } = map!.output;
  const loop = joinMaps(maps, shape, (number) => sources[number]!.map.inputs[sources[number]!.input]!);
  return {
    owner: steps[0]!,
    commands: [map!.compile(loop.group), ...sums.map((_, index) => sumCommand(shape, index, written.length + index))],
    workspace: sums.length * partialSumBytes(shape),
    pointers: () => ({
      inputs: loop.in.map((number) => pointerOf(sources[number]!.step.inputs[sources[number]!.input])),
      outputs: [...written, ...sums].map(({ outputs }) => pointerOf(outputs[0])),
    }),
  };
}

function isBuffer(buffer: WasmBuffer | null | undefined): buffer is WasmBuffer {
  return buffer !== null && buffer !== undefined;
}

function pointerOf(buffer: WasmBuffer | null | undefined): number {
  return buffer?.pointer ?? 0;
}
