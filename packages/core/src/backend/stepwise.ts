// Running a program by calling its steps one after the other, which is what most devices want.
import { BackendError, isNnError } from '../errors/errors.ts';
import type { Instr } from '../program/program.ts';
import type { Device, Sequence, Step } from './device.ts';
import { nameOf } from './plan.ts';

/** A kernel's run; one on another backend has to be waited for. */
export type StepRun<B> = (inputs: readonly B[], outputs: readonly (B | null)[]) => void | Promise<void>;

/** @param backend names it in messages */
export function stepwise<B>(backend: string, device: Device<B>, steps: readonly Step<B, StepRun<B>>[]): Sequence {
  /** A promise only when a step waits for another backend, or for a page to have its turn. */
  const runFrom = (start: number): Promise<void> | undefined => {
    for (let index = start; index < steps.length; index++) {
      const { instr, inputs, outputs, run } = steps[index]!;
      try {
        const computed = run(inputs, outputs);
        const pending = computed instanceof Promise ? computed : device.pause?.();
        if (pending !== undefined) {
          return pending.then(
            () => runFrom(index + 1),
            (error: unknown) => {
              throw stepFailure(backend, instr, error);
            },
          );
        }
      } catch (error) {
        throw stepFailure(backend, instr, error);
      }
    }
    return undefined;
  };
  return { run: () => runFrom(0) };
}

/** The error of a run that failed at one instruction, which it names. Errors of nn are left as they are. */
export function stepFailure(backend: string, instr: Instr, error: unknown): Error {
  if (isNnError(error)) return error;
  return new BackendError(`${nameOf(instr)} failed on backend "${backend}": ${String(error)}`, 'backend.failed', { cause: error });
}
