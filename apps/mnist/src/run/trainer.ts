// A trainer for the network of some settings.
import type { Backend, Dataset, Trainer } from '@nn/kit';
import { accuracy, batchPlan, createTrainer, softmaxCrossEntropy } from '@nn/kit';
import { preparations } from '../settings/choices.ts';
import { imageSize } from './images.ts';
import { buildModel, buildOptimizer, buildRules } from './model.ts';
import type { Settings } from '../settings/settings.ts';

/** A trainer that starts from the seed's weights, for the images it is to be trained on. */
export async function createImageTrainer(settings: Settings, images: Dataset, backend: Backend): Promise<Trainer> {
  const { epochs, batch, seed } = settings;
  const steps = epochs * batchPlan(images.size, batch).length;
  return createTrainer({
    model: buildModel(settings),
    loss: softmaxCrossEntropy(),
    optimizer: buildOptimizer(settings, steps),
    metrics: [accuracy()],
    rules: buildRules(settings),
    prepare: preparations[settings.prepare].map((preparation) => preparation()),
    backend,
    seed,
    input: inputShape(imageSize(images)),
  });
}

/** What the network takes for one image: a single channel, last. */
export function inputShape(image: readonly number[]): readonly number[] {
  return [...image, 1];
}
