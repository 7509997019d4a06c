// Batches out of a data set that is on the device: its arrays are variables, and the program gathers the rows that it is told.
import type { Program, Slot, Tensor, TensorSpec } from '@nn/core';
import { elementwise, gather, newTrace, scalar } from '@nn/core';
import type { ScaleParts } from '@nn/data';

/** The variable that holds samples, targets or weights of all rows, and what bytes in it are multiplied by. */
export interface DatasetVariable {
  readonly spec: TensorSpec;
  readonly scale?: ScaleParts;
}

/** A data set as variables: `dataset/x`, `dataset/y` and, where rows have weights, `dataset/weights`. */
export interface DatasetVariables {
  readonly x: DatasetVariable;
  readonly y: DatasetVariable;
  readonly weights?: DatasetVariable;
}

/** The rows of the data set that are the batch, as an input: i32 [batch]. */
export const rowsInput = 'rows';

/** `dataset/x` */
export function datasetPath(part: keyof DatasetVariables): string {
  return `dataset/${part}`;
}

/**
 * The same program with its batches gathered from a data set on the device: the input `rows` is in place of `x`, `y` and `weights`.
 * @param program of `trainingProgram` or `evaluationProgram`, for batches of the data set's samples
 */
export function overDataset(program: Program, dataset: DatasetVariables): Program {
  const { slots, instrs, inputs, variables } = program;
  const gathering = gatherRows(dataset, slots[inputs['y']!]!.shape[0]!);
  const places = new Map(Object.entries(gathering.outputs).map(([part, slot]) => [slot, inputs[part]!]));
  const at = (slot: Slot): Slot => places.get(slot) ?? slots.length + slot;
  const gathered = gathering.instrs.map((instr) => ({
    ...instr,
    in: instr.in.map(at),
    out: instr.out.map((slot) => (slot === null ? null : at(slot))),
  }));
  const read = Object.entries(gathering.variables).map(([path, use]) => [path, { read: at(use.read) }] as const);
  const others = Object.entries(inputs).filter(([name]) => !(name in gathering.outputs));
  return {
    ...program,
    slots: [...slots, ...gathering.slots],
    instrs: [...gathered, ...instrs],
    inputs: { [rowsInput]: at(gathering.inputs[rowsInput]!), ...Object.fromEntries(others) },
    variables: { ...Object.fromEntries(read), ...variables },
  };
}

/** The parts of a batch of so many rows, which the input `rows` names, as outputs. */
function gatherRows({ x, y, weights }: DatasetVariables, count: number): Program {
  const trace = newTrace();
  const rows = trace.input(rowsInput, { shape: [count], dtype: 'i32' });
  const read = (part: keyof DatasetVariables, { spec, scale }: DatasetVariable): Tensor =>
    trace.within('dataset', () => {
      const gathered = gather(trace.readVariable(datasetPath(part), spec), rows);
      return scale === undefined ? gathered : scaled(gathered, scale);
    });
  return trace.run(() =>
    trace.finish({ x: read('x', x), y: read('y', y), ...(weights === undefined ? {} : { weights: read('weights', weights) }) }),
  );
}

/** Bytes as f32, times a factor: the bits of one rounding. */
function scaled(bytes: Tensor, [high, low]: ScaleParts): Tensor {
  return elementwise((byte) => {
    const product = scalar.mul(byte, high);
    return low === 0 ? product : scalar.add(product, scalar.mul(byte, low));
  }, bytes);
}
