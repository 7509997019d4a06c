// Augmentation of whatever gives batches.
import type { Batch, BatchOptions, BatchSource } from '../batching.ts';
import { rowsOf } from '../batching.ts';
import { Dataset } from '../dataset.ts';
import type { Augmentation } from './augment.ts';

/**
 * The same data, whose batches are changed at random. In a stream the number of a sample is its place in the epoch, which is counted from
 * the beginning, so batches that are left out at the front (`start`) are read too.
 */
export function augmented(source: BatchSource, augmentation: Augmentation): BatchSource {
  if (source instanceof Dataset) return source.augmented(augmentation);
  const { size, classes } = source;
  return {
    ...(size === undefined ? {} : { size }),
    ...(classes === undefined ? {} : { classes }),
    async *batches({ start = 0, ...options }: BatchOptions = {}): AsyncGenerator<Batch, void, undefined> {
      const { seed = 0, epoch = 0 } = options;
      let [index, row] = [0, 0];
      for await (const batch of source.batches(options)) {
        const { x } = batch;
        const first = row;
        row += rowsOf(x);
        index += 1;
        if (index <= start) continue;
        const samples = Int32Array.from({ length: rowsOf(x) }, (_, within) => first + within);
        yield { ...batch, x: augmentation.apply(x, { seed, epoch, samples }) };
      }
    },
  };
}
