// What is compiled into one loop: maps of one shape, which share the inputs they read.
import { bytesPerElement, mergeAxes, operandStrides, scalar, sizeOf, stridesOf } from '@nn/core';
import type { DType, Expr, Shape, TensorSpec } from '@nn/core';

/** One `map` instruction. */
export interface MapCall {
  readonly expression: Expr;
  readonly inputs: readonly TensorSpec[];
  readonly output: TensorSpec;
}

/**
 * Expressions over common inputs, one output each. An output may be the buffer of a dense input of its size: elements are read before
 * they are written. It must not overlap an input otherwise, nor another output.
 */
export interface MapGroup {
  /** Of equal rank (rank 0 excepted), with extents of 1 where they stretch to `shape`. */
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly Expr[];
  /** Expressions of type f32 whose values are added up over all elements. All inputs are then of `shape` or have one element. */
  readonly sums?: readonly Expr[];
  readonly shape: Shape;
}

export function groupOf({ expression, inputs, output }: MapCall): MapGroup {
  return { inputs, outputs: [expression], shape: output.shape };
}

/** An input that expressions read, within the loop. */
export interface LoopInput {
  /** Its position among the inputs of the group. */
  readonly index: number;
  readonly dtype: DType;
  readonly bytes: number;
  /** Whether elements along a row lie next to each other, or one serves the whole row, or the whole output. */
  readonly reading: 'dense' | 'row' | 'scalar';
  /** Bytes between neighbours along each outer axis. */
  readonly strides: readonly number[];
}

/** A group as rows: an inner axis over which every input is dense or uniform, and outer axes, as few as possible. */
export interface MapLoop {
  readonly inputs: readonly LoopInput[];
  /** What each output is, as steps of which the last is the result; the inputs in them are numbered as above. */
  readonly outputs: readonly (readonly scalar.Step[])[];
  readonly sums: readonly (readonly scalar.Step[])[];
  readonly size: number;
  /** Elements of a row. */
  readonly columns: number;
  /** Extents of the axes around the rows; none where everything is one row. */
  readonly outer: readonly number[];
}

export function loopOf({ inputs, outputs, sums = [], shape }: MapGroup): MapLoop {
  const computations = [...outputs, ...sums].map((expression) => scalar.linearize(expression).steps);
  const read = [...new Set(computations.flat().flatMap((step) => (step.kind === 'input' ? [step.index] : [])))].toSorted((a, b) => a - b);
  const renumbered = computations.map((steps) =>
    steps.map((step) => (step.kind === 'input' ? { ...step, index: read.indexOf(step.index) } : step)),
  );
  const merged = mergeAxes({ shape, strides: [stridesOf(shape), ...read.map((index) => operandStrides(inputs[index]!.shape, shape))] });
  return {
    inputs: read.map((index, position): LoopInput => {
      const { dtype } = inputs[index]!;
      const bytes = bytesPerElement(dtype);
      const strides = merged.strides[position + 1]!;
      const reading = strides.at(-1) === 1 ? 'dense' : strides.some((stride) => stride !== 0) ? 'row' : 'scalar';
      return { index, dtype, bytes, reading, strides: strides.slice(0, -1).map((stride) => stride * bytes) };
    }),
    outputs: renumbered.slice(0, outputs.length),
    sums: renumbered.slice(outputs.length),
    size: sizeOf(shape),
    columns: merged.shape.at(-1) ?? 1,
    outer: merged.shape.slice(0, -1),
  };
}

/** A text that two loops share exactly when one kernel serves both: it does not depend on extents. */
export function loopKey({ inputs, outputs, sums, outer }: MapLoop): string {
  const reads = inputs.map(({ dtype, reading }) => `${dtype} ${reading}`);
  const computations = [...outputs, ...sums].map((steps) => steps.map(scalar.stepKey).join('; '));
  return [outer.length, sums.length, reads.join(', '), ...computations].join('\n');
}
