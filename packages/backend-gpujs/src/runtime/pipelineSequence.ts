// A program as pipelines of gpu.js: all kernels of a segment in one call, with their results in memory of the pipeline.
import { BackendError, sizeOf, stepFailure } from '@nn/core';
import type { Sequence, Slot, Step, TypedArray, Warning } from '@nn/core';
import type { GpuStep } from '../source/stage.ts';
import type { Cell } from './cell.ts';
import { flatResult, fromFloats, toFloats } from './floats.ts';
import type { Gpu, GpuArgument, GpuLibrary, GpuPipelineFunction } from './gpu.ts';
import type { SharedKernel } from './kernelCache.ts';
import type { SequenceTools } from './kernelSequence.ts';
import { segmentsOf } from './segments.ts';
import type { Made, Outside, Segment, SegmentedProgram } from './segments.ts';

export interface PipelineTools<V> extends SequenceTools<V> {
  readonly library: GpuLibrary;
  readonly gpu: Gpu;
  /** The mode that pipelines have to run in. */
  readonly mode: string;
  readonly mayFallBack: boolean;
  readonly threads: boolean;
  warn(warning: Warning): void;
}

/** A segment, ready to be called. */
interface Pipeline {
  readonly call: GpuPipelineFunction;
  readonly kernels: readonly SharedKernel[];
}

export class PipelineSequence<V> implements Sequence {
  readonly #tools: PipelineTools<V>;
  readonly #steps: readonly Step<Cell<V>, GpuStep>[];
  readonly #results: ReadonlySet<Slot>;
  #program: SegmentedProgram | undefined;
  readonly #pipelines = new Map<Segment, Pipeline>();
  #warned = false;

  /** @param results slots whose values are needed after a run */
  constructor(steps: readonly Step<Cell<V>, GpuStep>[], results: ReadonlySet<Slot>, tools: PipelineTools<V>) {
    this.#tools = tools;
    this.#steps = steps;
    this.#results = results;
  }

  bind(): void {
    this.#program ??= segmentsOf(this.#steps, this.#results);
    for (const part of this.#program.parts) {
      if (part.kind === 'segment' && !this.#pipelines.has(part)) this.#pipelines.set(part, this.#createPipeline(part));
    }
  }

  async run(): Promise<void> {
    const { runner, values } = this.#tools;
    const { parts, finals } = this.#program!;
    const made = new Map<Made, Float32Array<ArrayBuffer>>();
    const elementsOf = async (value: Outside | Made): Promise<TypedArray> =>
      typeof value === 'number' ? made.get(value)! : values.onHost(this.#steps[value.step]!.inputs[value.input]!);
    for (const part of parts) {
      const operands = await Promise.all((part.kind === 'host' ? part.operands : part.parameters).map(elementsOf));
      if (part.kind === 'host') made.set(part.makes, part.stage.compute(operands));
      else await this.#runSegment(part, operands, made);
      await runner.pause?.();
    }
    // Only now: buffers are written together or not at all.
    for (const { step, output, value } of finals) {
      const cell = this.#steps[step]!.outputs[output]!;
      values.putHost(cell, fromFloats(made.get(value)!, cell.dtype));
    }
  }

  /** How gpu.js runs the pipeline of a step; it says so after the first run. */
  describe(step: number): string | undefined {
    for (const part of this.#program?.parts ?? []) {
      if (part.kind === 'host') {
        if (part.step === step) return 'made on the host';
        continue;
      }
      if (!part.calls.some((call) => call.step === step)) continue;
      const { call } = this.#pipelines.get(part)!;
      if (call.backend === null) return undefined;
      return `a pipeline of ${part.calls.length} in mode ${call.backend}, ${call.executorKind}${call.fallbackReason === null ? '' : ` (${call.fallbackReason})`}`;
    }
    return undefined;
  }

  dispose(): void {
    for (const { call, kernels } of this.#pipelines.values()) {
      void call.destroy();
      for (const kernel of kernels) kernel.release();
    }
    this.#pipelines.clear();
  }

  #createPipeline({ calls, parameters, results }: Segment): Pipeline {
    const { gpu, kernels: cache, threads } = this.#tools;
    const kernels = calls.map(({ source }) => cache.take(source));
    const orchestration = (...handles: GpuArgument[]): unknown => {
      const made = new Map<Made, GpuArgument>();
      calls.forEach(({ source, operands, makes }, index) => {
        const values = operands.map((operand) =>
          'argument' in operand ? handles[operand.argument]! : made.get(calls[operand.call]!.makes)!,
        );
        made.set(makes, kernels[index]!.call(...values, ...source.numbers.map(({ value }) => value)) as GpuArgument);
      });
      return results.map((value) => made.get(value)!);
    };
    // gpu.js asks a function how many parameters it has.
    Object.defineProperty(orchestration, 'length', { value: parameters.length });
    return { call: gpu.createPipeline(orchestration, { threads }), kernels };
  }

  async #runSegment(segment: Segment, operands: readonly TypedArray[], made: Map<Made, Float32Array<ArrayBuffer>>): Promise<void> {
    const { library, mode, mayFallBack, name, warn } = this.#tools;
    const { call } = this.#pipelines.get(segment)!;
    let returned: unknown;
    try {
      returned = await call(...operands.map((elements) => library.input(padded(toFloats(elements)), [Math.max(1, elements.length)])));
    } catch (error) {
      throw stepFailure(name, this.#steps[segment.calls[0]!.step]!.instr, error);
    }
    if (call.backend !== mode) {
      const what = `gpu.js runs a program in mode "${call.backend}" in place of "${mode}": ${call.fallbackReason}`;
      if (!mayFallBack) throw new BackendError(what, 'backend.unsupported');
      if (!this.#warned) warn({ code: 'gpujs.fallback', message: what });
      this.#warned = true;
    }
    const arrays = returned as readonly unknown[];
    segment.results.forEach((value, index) => {
      const { source } = segment.calls.find(({ makes }) => makes === value)!;
      made.set(value, flatResult(arrays[index], sizeOf(source.output)));
    });
  }
}

/** Kernels want an array that has elements, also where they read none. */
function padded(values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  return values.length > 0 ? values : new Float32Array(1);
}
