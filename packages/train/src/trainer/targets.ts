// Targets as the loss wants them: class indices are checked and become i32 before a device sees them.
import type { Loss, LossFunction, NdArray, Structure, TensorSpec } from '@nn/core';
import { isTensorSpec, newTrace } from '@nn/core';
import type { Batch, BatchOptions, BatchSource } from '@nn/data';
import { Dataset, checkLabels, checkRange } from '@nn/data';
import { applyLoss } from '../programs/objective.ts';

/**
 * The number of classes when targets of such a spec are class indices, else undefined: one number per row, where the model gives
 * a row of scores and the loss takes indices. A custom step gets its targets as they are.
 *
 * @param prediction what the model gives for a batch of any size
 */
export function classesOf(
  loss: Loss | LossFunction | undefined,
  prediction: Structure<TensorSpec>,
  target: TensorSpec,
): number | undefined {
  if (loss === undefined || !isTensorSpec(prediction) || target.dtype === 'bool') return undefined;
  const [, classes, ...rest] = prediction.shape;
  if (classes === undefined || rest.length > 0 || target.shape.length !== 1) return undefined;
  const rows = target.shape[0]!;
  return takesIndices(loss, { ...prediction, shape: [rows, classes] }) ? classes : undefined;
}

function takesIndices(loss: Loss | LossFunction, prediction: TensorSpec): boolean {
  const trace = newTrace();
  const target: TensorSpec = { shape: prediction.shape.slice(0, 1), dtype: 'i32' };
  try {
    trace.run(() => applyLoss(loss, trace.input('prediction', prediction), trace.input('target', target)));
    return true;
  } catch {
    // What is wrong with the targets, the program itself will say.
    return false;
  }
}

/**
 * A source whose targets are checked, those of data in memory at once, those of a stream batch by batch: class indices, which become i32,
 * and numbers that the loss has a range for.
 *
 * @param classes of targets of a spec, see {@link classesOf}
 * @throws DataError naming index and value of a target that is out of range, or a label that is no whole number
 */
export function withCheckedTargets(
  source: BatchSource,
  loss: Loss | LossFunction | undefined,
  classes: (target: TensorSpec) => number | undefined,
): BatchSource {
  const check = (y: NdArray): NdArray => checkedTarget(y, loss, classes(y));
  if (!(source instanceof Dataset)) return mapTargets(source, check);
  const count = classes(source.y);
  if (count !== undefined) return source.classes === count && source.y.dtype === 'i32' ? source : source.classified(count);
  if (rangeOf(loss) !== undefined) check(source.y.slice());
  return source;
}

/** The spec of targets once they are checked. */
export function checkedTargetSpec({ shape, dtype }: TensorSpec, classes: (target: TensorSpec) => number | undefined): TensorSpec {
  return { shape, dtype: classes({ shape, dtype }) === undefined ? dtype : 'i32' };
}

function checkedTarget(target: NdArray, loss: Loss | LossFunction | undefined, classes: number | undefined): NdArray {
  if (classes !== undefined) return checkLabels(target, classes);
  const range = rangeOf(loss);
  if (range !== undefined) checkRange(target, range);
  return target;
}

function rangeOf(loss: Loss | LossFunction | undefined): Loss['targetRange'] {
  return typeof loss === 'object' ? loss.targetRange : undefined;
}

function mapTargets(source: BatchSource, convert: (y: NdArray) => NdArray): BatchSource {
  const { size } = source;
  return {
    ...(size === undefined ? {} : { size }),
    async *batches(options?: BatchOptions): AsyncGenerator<Batch, void, undefined> {
      for await (const batch of source.batches(options)) yield { ...batch, y: convert(batch.y) };
    },
  };
}
