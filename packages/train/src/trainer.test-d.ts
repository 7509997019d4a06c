// What must compile and what must not when a trainer is made.
import type { Backend, Layer, NdArray, Tensor, VariableSpecs } from '@nn/core';
import { adam } from '@nn/optim';
import { accuracy, confusionMatrix, createTrainer, softmaxCrossEntropy } from './index.ts';
import type { History, StepFunction, Trainer } from './index.ts';

declare const backend: Backend;
declare const model: Layer;
declare const twoHeads: Layer<VariableSpecs, Tensor, { readonly mean: Tensor; readonly deviation: Tensor }>;
declare const trainer: Trainer;
declare const array: NdArray;
const optimizer = adam();

void createTrainer({ model, loss: softmaxCrossEntropy(), optimizer, metrics: [accuracy()], backend, seed: 1 });
void createTrainer({ model, loss: (prediction, target) => prediction.sub(target).square(), optimizer, backend });
void createTrainer({ model, step: ({ batch, apply }) => ({ loss: apply(batch.x).sub(batch.y).mean() }), optimizer, backend });
// The values of the model reach the step with their types.
void createTrainer({ model: twoHeads, step: ({ batch, apply }) => ({ loss: apply(batch.x).mean.mean() }), optimizer, backend });
const step: StepFunction = ({ batch, apply }) => ({ loss: apply(batch.x).mean(), metrics: { size: batch.x.abs().mean() } });
void createTrainer({ model, step, optimizer, backend });

// @ts-expect-error a loss or a step says what is to be made small
void createTrainer({ model, optimizer, backend });
// @ts-expect-error a step says itself what the loss is
void createTrainer({ model, loss: softmaxCrossEntropy(), step, optimizer, backend });
// @ts-expect-error metrics of a loss are no metrics of a step, which gives its own
void createTrainer({ model, step, metrics: [accuracy()], optimizer, backend });
// @ts-expect-error a loss judges one tensor
void createTrainer({ model: twoHeads, loss: softmaxCrossEntropy(), optimizer, backend });
// @ts-expect-error a factory is called before it is passed
void createTrainer({ model, loss: softmaxCrossEntropy, optimizer, backend });
// @ts-expect-error likewise
void createTrainer({ model, loss: softmaxCrossEntropy(), optimizer: adam, backend });
// @ts-expect-error a loss function gives a tensor
void createTrainer({ model, loss: () => 3, optimizer, backend });
// @ts-expect-error the trainer has no default backend
void createTrainer({ model, loss: softmaxCrossEntropy(), optimizer });

// Figures are numbers, unless a metric comes to an array.
const counting = await createTrainer({ model, loss: softmaxCrossEntropy(), optimizer, metrics: [accuracy()], backend });
export const share: number | undefined = (await counting.evaluate({ x: array, y: array }))['accuracy'];
const confusing = await createTrainer({ model, loss: softmaxCrossEntropy(), optimizer, metrics: [accuracy(), confusionMatrix()], backend });
export const figure: number | NdArray | undefined = (await confusing.evaluate({ x: array, y: array }))['confusionMatrix'];
// @ts-expect-error it may be a matrix
export const number: number | undefined = (await confusing.evaluate({ x: array, y: array }))['confusionMatrix'];

export const history: Promise<History> = trainer.fit({ x: [[1], [2]], y: [0, 1] }, { epochs: 1 });
void trainer.fit(() => [{ x: array, y: array }]);
// @ts-expect-error samples need targets
void trainer.fit({ x: array });
// @ts-expect-error there is no such rule
void trainer.fit({ x: array, y: array }, { lastBatch: 'pad' });
