// A program as kernels that are called one after the other; what they make stays where the runner keeps it.
import { sizeOf, stepFailure } from '@nn/core';
import type { Sequence, Step, TypedArray } from '@nn/core';
import type { GpuStep, HostStage } from '../source/stage.ts';
import type { Cell } from './cell.ts';
import { fromFloats } from './floats.ts';
import type { KernelCache, SharedKernel } from './kernelCache.ts';
import type { Runner } from './runner.ts';
import type { Values } from './values.ts';

export interface SequenceTools<V> {
  /** Names the backend in messages. */
  readonly name: string;
  readonly runner: Runner<V>;
  readonly kernels: KernelCache;
  readonly values: Values<V>;
}

type GpuProgramStep<V> = Step<Cell<V>, GpuStep>;

export class KernelSequence<V> implements Sequence {
  readonly #tools: SequenceTools<V>;
  readonly #steps: readonly GpuProgramStep<V>[];
  /** Per step and stage; undefined for what is computed on the host. */
  readonly #kernels: readonly (readonly (SharedKernel | undefined)[])[];
  #prepared = false;

  constructor(steps: readonly GpuProgramStep<V>[], tools: SequenceTools<V>) {
    this.#tools = tools;
    this.#steps = steps;
    this.#kernels = steps.map(({ run: { stages } }) =>
      stages.map((stage) => (stage.kind === 'kernel' ? tools.kernels.take(stage.source) : undefined)),
    );
  }

  run(): Promise<void> {
    const running = this.#runSteps();
    return this.#tools.runner.during?.(running) ?? running;
  }

  async #runSteps(): Promise<void> {
    const { name, runner } = this.#tools;
    runner.expectPresent();
    this.#prepare();
    for (const [index, step] of this.#steps.entries()) {
      try {
        await this.#runStep(step, this.#kernels[index]!);
        await runner.pause?.();
      } catch (error) {
        // No kernel is destroyed while it is built, and what the device has to say of this run is said before the next one.
        await runner.finish?.().catch(() => {});
        runner.expectPresent();
        throw stepFailure(name, step.instr, error);
      }
    }
    runner.expectPresent();
  }

  /** Each kernel is called by itself. */
  describe(step: number): string | undefined {
    const described = this.#kernels[step]!.map((kernel) =>
      kernel === undefined ? 'made on the host' : this.#tools.kernels.describe(kernel),
    );
    return [...new Set(described)].join(', ');
  }

  dispose(): void {
    for (const kernels of this.#kernels) for (const kernel of kernels) kernel?.release();
  }

  /** All kernels are compiled side by side, where the mode has that; each is waited for when it is called. */
  #prepare(): void {
    if (this.#prepared) return;
    this.#prepared = true;
    for (const kernels of this.#kernels) for (const kernel of kernels) kernel?.prepare();
  }

  async #runStep({ inputs, outputs, run: { stages } }: GpuProgramStep<V>, kernels: readonly (SharedKernel | undefined)[]): Promise<void> {
    const { runner, values } = this.#tools;
    const output = outputs[0]!;
    const made: V[] = [];
    try {
      for (const [index, stage] of stages.entries()) {
        if (stage.kind === 'host') {
          values.putHost(output, fromFloats(stage.compute(await hostInputs(stage, inputs, values)), output.dtype));
          continue;
        }
        const operands: (V | number)[] = [];
        for (const operand of stage.operands) {
          const value = 'stage' in operand ? made[operand.stage]! : values.onDevice(inputs[operand.input]!);
          operands.push(value instanceof Promise ? await value : value);
        }
        for (const { value } of stage.source.numbers) operands.push(value);
        const kernel = kernels[index]!;
        kernel.resize();
        const called = runner.call(kernel.call, operands, sizeOf(stage.source.output));
        made.push(called instanceof Promise ? await called : called);
      }
      const result = made.pop();
      if (result !== undefined) values.put(output, result);
    } finally {
      for (const value of made) runner.free(value);
    }
  }
}

/** What a computation on the host reads. */
export async function hostInputs<V>({ inputs: wanted }: HostStage, inputs: readonly Cell<V>[], values: Values<V>): Promise<TypedArray[]> {
  return Promise.all(wanted.map(async (input) => values.onHost(inputs[input]!)));
}
