// Evaluation of an expression over whole arrays in plain JavaScript: block by block, one tight loop per step.
import type { TypedArray } from '../array/dtype.ts';
import type { BlockInput, Place, Storage } from './blockInputs.ts';
import { blockLength, blocksOf, createInputLoader, expectReadable, expectWritable, isOneRow } from './blockInputs.ts';
import type { Precision } from './evaluate.ts';
import type { Kernel } from './kernels.ts';
import { copyKernel, kernelOf } from './kernels.ts';
import type { Step } from './linearize.ts';
import { linearize } from './linearize.ts';
import { operandsOf } from './traverse.ts';
import type { Expr, ScalarType } from './types.ts';

/** An expression compiled for arrays. It owns scratch memory of some blocks, which its steps reuse. */
export interface BlockProgram {
  /** What an element of the result is. */
  readonly type: ScalarType;
  /** Blocks of scratch memory that hold steps and constants; inputs that are not dense add one each. */
  readonly registers: number;
  /**
   * Computes `rows` × `columns` elements into `output`, dense from `outputOffset`. `output` may be a dense input at the same place.
   *
   * @param inputs by the index that the expression reads them under; one that it does not read may be anything
   * @throws ConfigError, DTypeError or ShapeError for an input or output that is missing, of another type or too short
   */
  run(inputs: readonly BlockInput[], output: TypedArray, outputOffset: number, rows: number, columns: number): void;
}

const storages = {
  f32: { f32: Float32Array, i32: Int32Array, bool: Uint8Array },
  f64: { f32: Float64Array, i32: Int32Array, bool: Uint8Array },
} as const satisfies Record<Precision, Record<ScalarType, Storage>>;

/**
 * `expression` as loops over blocks. With precision `f32` the result is that of `evaluate(…, 'f32')` to the last bit; with `f64`
 * steps are kept in float64.
 */
export function compileBlocks(expression: Expr, precision: Precision = 'f32'): BlockProgram {
  const { type } = expression;
  const storage: Readonly<Record<ScalarType, Storage>> = storages[precision];
  const steps = endingInComputation(linearize(expression).steps);
  const places = steps.map((): Place => ({ array: new storage.bool(0), offset: 0 }));
  const readers = steps.flatMap((step, index) =>
    step.kind === 'input' ? [{ node: step, loader: createInputLoader(storage[step.type], places[index]!) }] : [],
  );
  const registers = assignRegisters(steps, places, storage);
  const operations = operationsOf(steps, places);
  const target = places.at(-1)!;
  const scratch = target.array;

  return {
    type,
    registers,
    run(inputs, output, outputOffset, rows, columns) {
      if (rows * columns === 0) return;
      for (const { node, loader } of readers) {
        expectReadable(node, inputs, rows, columns);
        loader.begin(inputs[node.index]!);
      }
      expectWritable(type, output, outputOffset, rows * columns);
      const direct = output instanceof storage[type];
      target.array = direct ? output : scratch;
      const oneRow = readers.every(({ node }) => isOneRow(inputs[node.index]!, rows, columns));
      let position = outputOffset;
      for (const block of oneRow ? blocksOf(1, rows * columns) : blocksOf(rows, columns)) {
        const count = block.rows * block.columns;
        if (direct) target.offset = position;
        for (const { loader } of readers) loader.load(block);
        for (const { kernel, out, first, second, third } of operations) {
          kernel(count, out.array, out.offset, first.array, first.offset, second.array, second.offset, third.array, third.offset);
        }
        if (!direct) copyKernel(count, output, position, scratch, 0, scratch, 0, scratch, 0);
        position += count;
      }
      // Not to keep the caller's arrays alive.
      target.array = scratch;
      for (const { loader } of readers) loader.end();
    },
  };
}

/** The steps with the result as the output of a computation: an expression that only reads becomes a copy. */
function endingInComputation(steps: readonly Step[]): readonly Step[] {
  const last = steps.at(-1)!;
  return isComputing(last) ? steps : [...steps, { kind: 'cast', x: steps.length - 1, type: last.type }];
}

/** Gives every constant a filled register and every computing step one whose former value nobody needs. Returns their number. */
function assignRegisters(steps: readonly Step[], places: readonly Place[], storage: Readonly<Record<ScalarType, Storage>>): number {
  const lastReader = new Map<number, number>();
  steps.forEach((step, index) => operandsOf<number>(step).forEach((operand) => lastReader.set(operand, index)));
  const free: Record<ScalarType, TypedArray[]> = { f32: [], i32: [], bool: [] };
  let count = 0;
  steps.forEach((step, index) => {
    const place = places[index]!;
    if (step.kind === 'const') {
      place.array = new storage[step.type](blockLength).fill(step.value);
      count++;
    } else if (step.kind !== 'input') {
      for (const operand of new Set(operandsOf<number>(step))) {
        const { kind, type } = steps[operand]!;
        if (lastReader.get(operand) === index && kind !== 'input' && kind !== 'const') free[type].push(places[operand]!.array);
      }
      const reused = free[step.type].pop();
      if (reused === undefined) count++;
      place.array = reused ?? new storage[step.type](blockLength);
    }
  });
  return count;
}

/** One step as a loop over places. */
interface Operation {
  readonly kernel: Kernel;
  readonly out: Place;
  readonly first: Place;
  readonly second: Place;
  readonly third: Place;
}

function operationsOf(steps: readonly Step[], places: readonly Place[]): readonly Operation[] {
  return steps.flatMap((step, index) => {
    if (!isComputing(step)) return [];
    const out = places[index]!;
    const [first = out, second = out, third = out] = operandsOf<number>(step).map((operand) => places[operand]!);
    return [{ kernel: kernelOf(step), out, first, second, third }];
  });
}

function isComputing(step: Step): step is Exclude<Step, { kind: 'input' | 'const' }> {
  return step.kind !== 'input' && step.kind !== 'const';
}
