// Batches out of a data set that is on the device: its arrays are variables, and the program gathers the rows that it is told.
import type { Tensor, TensorSpec, Trace } from '@nn/core';
import { elementwise, gather, scalar } from '@nn/core';
import type { ScaleParts } from '@nn/data';
import type { TracedBatch } from './recipe.ts';

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

/** A batch of so many rows, which the input `rows` names. */
export function gatherBatch(trace: Trace, { x, y, weights }: DatasetVariables, count: number): TracedBatch {
  const rows = trace.input(rowsInput, { shape: [count], dtype: 'i32' });
  const read = (part: keyof DatasetVariables, { spec, scale }: DatasetVariable): Tensor =>
    trace.within('dataset', () => {
      const gathered = gather(trace.readVariable(datasetPath(part), spec), rows);
      return scale === undefined ? gathered : scaled(gathered, scale);
    });
  return { x: read('x', x), y: read('y', y), ...(weights === undefined ? {} : { weights: read('weights', weights) }) };
}

/** Bytes as f32, times a factor: the bits of one rounding. */
function scaled(bytes: Tensor, [high, low]: ScaleParts): Tensor {
  return elementwise((byte) => {
    const product = scalar.mul(byte, high);
    return low === 0 ? product : scalar.add(product, scalar.mul(byte, low));
  }, bytes);
}
