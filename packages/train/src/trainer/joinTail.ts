// Streams whose last batch may be too short to train on: nobody knows that it is the last before the stream ends.
import { NdArray } from '@nn/core';
import type { Batch, BatchSource } from '@nn/data';

/** The same batches, two of them read ahead; a last one that is not trainable is appended to the one before. */
export function joinTail(source: BatchSource, isTrainable: (rows: number) => boolean): BatchSource {
  return {
    async *batches(options): AsyncGenerator<Batch, void, undefined> {
      let before: Batch | undefined;
      let last: Batch | undefined;
      for await (const batch of source.batches(options)) {
        if (before !== undefined) yield before;
        before = last;
        last = batch;
      }
      if (before !== undefined && last !== undefined && !isTrainable(last.x.shape[0]!)) {
        const weights = before.weights && last.weights && append(before.weights, last.weights);
        yield { x: append(before.x, last.x), y: append(before.y, last.y), ...(weights === undefined ? {} : { weights }) };
        return;
      }
      if (before !== undefined) yield before;
      if (last !== undefined) yield last;
    },
  };
}

function append(a: NdArray, b: NdArray): NdArray {
  const rows = a.shape[0]! + b.shape[0]!;
  const data = new (a.data.constructor as new (length: number) => NdArray['data'])(a.size + b.size);
  data.set(a.data);
  data.set(b.data, a.size);
  return new NdArray(data, [rows, ...a.shape.slice(1)], a.dtype);
}
