// Losses and penalties on given numbers, with their gradients, in float64.
import { referenceBackend } from '@nn/backend-reference';
import type { ArrayLike, Loss, Regularizer, Tensor } from '@nn/core';
import { grad, run, sum } from '@nn/core';

const backend = referenceBackend();

/** The loss of each sample. */
export async function lossOf(loss: Loss, prediction: ArrayLike, target: ArrayLike): Promise<number[]> {
  return [...(await run(backend, (p: Tensor, t: Tensor) => loss.apply(p, t), prediction, target)).data];
}

/** The gradient of the sum of the losses, row after row. */
export async function lossGradient(loss: Loss, prediction: ArrayLike, target: ArrayLike): Promise<number[]> {
  return [
    ...(
      await run(
        backend,
        grad((p, t) => sum(loss.apply(p, t))),
        prediction,
        target,
      )
    ).data,
  ];
}

/** A penalty and its gradient. */
export async function penaltyOf(regularizer: Regularizer, weights: ArrayLike): Promise<{ penalty: number; gradient: number[] }> {
  const penalty = await run(backend, (w: Tensor) => regularizer.penalty(w), weights);
  const gradient = await run(
    backend,
    grad((w) => regularizer.penalty(w)),
    weights,
  );
  return { penalty: penalty.item(), gradient: [...gradient.data] };
}

/** A function of one tensor, in float64, as a flat list. */
export async function applied(fn: (x: Tensor) => Tensor, x: ArrayLike): Promise<number[]> {
  return [...(await run(backend, fn, x)).data];
}
