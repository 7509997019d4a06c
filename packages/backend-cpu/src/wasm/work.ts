// What a plan is made of: steps that are done at once, the arrays they touch, and what may change places with what.
import type { Slot, Step } from '@nn/core';
import type { WasmBuffer, WasmStep } from './command.ts';

/** As core gives it: buffers of variables are not known before a store is bound. */
export type GivenStep = Step<WasmBuffer | undefined, WasmStep>;

/** What tells arrays apart: their buffer, or for variables, which programs never write while they run, their slot. */
export type Place = WasmBuffer | number;

/** Steps that are done at once, in the order in which they could be done one by one, and the arrays they read and write. */
export interface Work {
  readonly steps: readonly GivenStep[];
  readonly reads: ReadonlySet<Place>;
  readonly writes: ReadonlySet<Place>;
}

/** Who reads what, in the order of the program: one buffer holds many arrays, one after the other. */
export class Readers {
  readonly #results: ReadonlySet<Slot>;
  readonly #readers = new Map<GivenStep, GivenStep[]>();
  /** Per step and input, the step that has written it. */
  readonly #writers = new Map<GivenStep, (GivenStep | undefined)[]>();

  /** @param results slots that are read after the last step */
  constructor(steps: readonly GivenStep[], results: ReadonlySet<Slot>) {
    this.#results = results;
    const lastWriter = new Map<Place, GivenStep>();
    for (const step of steps) {
      const writers = step.inputs.map((_, input) => lastWriter.get(placeOf(step, input)));
      this.#writers.set(step, writers);
      for (const writer of writers) if (writer !== undefined) this.#readers.get(writer)!.push(step);
      this.#readers.set(step, []);
      for (const buffer of step.outputs) if (buffer) lastWriter.set(buffer, step);
    }
  }

  /** The step whose result an input is; undefined for inputs, variables and constants of the program. */
  writerOf(step: GivenStep, input: number): GivenStep | undefined {
    return this.#writers.get(step)![input];
  }

  /** Whether a result of `step` is read by anything but `steps`. */
  isNeededOutside(step: GivenStep, steps: readonly GivenStep[]): boolean {
    const isResult = step.instr.out.some((slot) => slot !== null && this.#results.has(slot));
    return isResult || this.#readers.get(step)!.some((reader) => !steps.includes(reader));
  }

  /** The steps as one piece of work. What maps make for other steps of it alone is neither read nor written. */
  workOf(steps: readonly GivenStep[]): Work {
    const [reads, writes] = [new Set<Place>(), new Set<Place>()];
    for (const step of steps) {
      step.inputs.forEach((_, input) => {
        const writer = this.writerOf(step, input);
        if (writer === undefined || !steps.includes(writer)) reads.add(placeOf(step, input));
      });
      if (step.run.map !== undefined && !this.isNeededOutside(step, steps)) continue;
      for (const buffer of step.outputs) if (buffer) writes.add(buffer);
    }
    return { steps, reads, writes };
  }
}

export function placeOf({ instr, inputs }: GivenStep, input: number): Place {
  return inputs[input] ?? instr.in[input]!;
}

/** Whether it makes no difference which of two is done first. */
export function commute(first: Work, second: Work): boolean {
  return disjoint(first.writes, second.reads) && disjoint(first.reads, second.writes) && disjoint(first.writes, second.writes);
}

export function disjoint(first: ReadonlySet<Place>, second: ReadonlySet<Place>): boolean {
  for (const place of first) if (second.has(place)) return false;
  return true;
}

/**
 * Makes `work`, which would come last, part of number `index`. What stands between and `work` depends on goes before both, the rest after
 * them; false where that changed a result.
 */
export function joinInto(plan: Work[], index: number, work: Work, both: Work): boolean {
  const between = plan.slice(index + 1);
  const before: Work[] = [];
  const after: Work[] = [];
  for (const other of between.toReversed()) {
    const isNeeded = !commute(other, work) || before.some((needed) => !commute(other, needed));
    (isNeeded ? before : after).unshift(other);
  }
  if (!before.every((other) => commute(plan[index]!, other))) return false;
  plan.splice(index, Infinity, ...before, both, ...after);
  return true;
}
