// What layers give for a batch after a trainer has prepared its model with it.
import { referenceBackend } from '@nn/backend-reference';
import type { Layer, NdArray, Tensor } from '@nn/core';
import { mean, square } from '@nn/core';
import { sgd } from '@nn/optim';
import type { Callback } from '../events.ts';
import type { Preparation } from '../prepare/preparation.ts';
import { createTrainer } from '../trainer/createTrainer.ts';

export interface PreparedModel {
  readonly model: Layer;
  readonly x: NdArray;
  readonly prepare: readonly Preparation[];
  /** Paths of the layers to look at. */
  readonly layers: readonly string[];
  readonly callbacks?: readonly Callback[];
}

/** Outputs of layers for the whole of `x`, in training, after the preparations. */
export async function prepared({ model, x, prepare, layers, callbacks = [] }: PreparedModel): Promise<NdArray[]> {
  const outputs: NdArray[] = [];
  const look: Preparation = {
    kind: 'look',
    options: {},
    async prepare(start) {
      for (const path of layers) outputs.push(await start.output(path));
    },
  };
  const trainer = await createTrainer({
    model,
    loss: (prediction: Tensor) => mean(square(prediction)),
    optimizer: sgd({ learningRate: 0 }),
    backend: referenceBackend(),
    prepare: [...prepare, look],
    callbacks,
  });
  await trainer.fit({ x, y: x }, { batchSize: x.shape[0]! });
  return outputs;
}

/** Of all elements. */
export function varianceOf({ data }: NdArray): number {
  const values = Array.from(data);
  const average = values.reduce((total, value) => total + value, 0) / values.length;
  return values.reduce((total, value) => total + (value - average) ** 2, 0) / values.length;
}
