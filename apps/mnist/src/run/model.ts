// From settings to what is trained: the network, its optimizer and its rules.
import type { Initializer, Layer, Optimizer, Rule } from '@nn/kit';
import { ConfigError, conv2d, dense, dropout, flatten, initializerFor, l1, l2, maxPool2d, sequential } from '@nn/kit';
import type { NormalizationChoice } from '../settings/choices.ts';
import { activations, initializers, normalizations, optimizers, schedules } from '../settings/choices.ts';
import type { Settings } from '../settings/settings.ts';

/** The settings that say what the network looks like. */
export type ModelSettings = Pick<
  Settings,
  'model' | 'hidden' | 'normalization' | 'order' | 'activation' | 'initializer' | 'dropout' | 'classes'
>;

/** Channels of the convolutions of `cnn`. */
const filters = [32, 64];
const defaultHidden = { mlp: [256, 128], cnn: [128] };

/**
 * A classifier of images [height, width, 1]: for `cnn` convolutions of 3 × 3 with pooling, then `flatten`, `dense1`, `dense2`, …, each
 * with normalization and activation but the last, which gives the logits. Dropout follows the fully connected hidden layers. Names do
 * not depend on what stands between, so that networks with and without normalization or dropout start from the same kernels.
 * @throws ConfigError for a normalization of images where there are none
 */
export function buildModel(settings: ModelSettings): Layer {
  const { activation, classes } = settings;
  const { kernelTransform, imagesOnly = false }: NormalizationChoice = normalizations[settings.normalization];
  if (imagesOnly && settings.model !== 'cnn') {
    throw new ConfigError(
      `Normalization ${settings.normalization} is for images, and the layers of --model ${settings.model} give none. Take --model cnn, or --normalization layer.`,
    );
  }
  const kernels = (isImage: boolean) => ({
    kernelInitializer: kernelInitializer(settings, activation),
    kernelTransform: kernelTransform?.() ?? null,
    bias: !takesBiasAway(settings, isImage),
  });
  return sequential(
    ...(settings.model === 'cnn' ? filters : []).flatMap((channels) => [
      conv2d(channels, { window: 3, padding: 'same', ...kernels(true) }),
      ...rescaledActivation(settings, channels, true),
      maxPool2d(),
    ]),
    flatten(),
    ...hiddenUnits(settings).flatMap((units) => [
      dense(units, kernels(false)),
      ...rescaledActivation(settings, units, false),
      ...(settings.dropout === 0 ? [] : [dropout({ rate: settings.dropout })]),
    ]),
    dense(classes, { kernelInitializer: kernelInitializer(settings, 'softmax') }),
  );
}

/** Units of the fully connected hidden layers: the network's own, if none were chosen. */
export function hiddenUnits({ model, hidden }: Pick<Settings, 'model' | 'hidden'>): readonly number[] {
  return hidden ?? defaultHidden[model];
}

/** The optimizer of the settings. @param steps of the run, which the learning rate may follow */
export function buildOptimizer(settings: Pick<Settings, 'optimizer' | 'rate' | 'schedule'>, steps: number): Optimizer {
  const { optimizer, schedule } = settings;
  return optimizers[optimizer].make(schedules[schedule](learningRateOf(settings), steps));
}

/** The learning rate: the optimizer's own, if none was chosen. */
export function learningRateOf({ optimizer, rate }: Pick<Settings, 'optimizer' | 'rate'>): number {
  return rate ?? optimizers[optimizer].rate;
}

/** Penalties on the kernels. */
export function buildRules(settings: Pick<Settings, 'l1' | 'l2'>): Rule[] {
  const regularizers = [...(settings.l1 === 0 ? [] : [l1(settings.l1)]), ...(settings.l2 === 0 ? [] : [l2(settings.l2)])];
  return regularizers.map((regularizer) => ({ match: '**/kernel', regularizer }));
}

/** What follows a hidden layer. */
function rescaledActivation(settings: ModelSettings, units: number, isImage: boolean): Layer[] {
  const { order, activation } = settings;
  const normalizer = normalizerFor(settings, units, isImage);
  const normalized = normalizer === undefined ? [] : [normalizer];
  const activate = activations[activation]();
  return order === 'pre' ? [...normalized, activate] : [activate, ...normalized];
}

function normalizerFor({ normalization }: ModelSettings, units: number, isImage: boolean): Layer | undefined {
  const { layer, imagesOnly = false }: NormalizationChoice = normalizations[normalization];
  return imagesOnly && !isImage ? undefined : layer?.(units);
}

function takesBiasAway({ normalization, order }: ModelSettings, isImage: boolean): boolean {
  const { takesBiasAway: subtracts = false, imagesOnly = false }: NormalizationChoice = normalizations[normalization];
  return order === 'pre' && subtracts && (isImage || !imagesOnly);
}

/** The initializer chosen, or the one that fits what follows the layer. */
function kernelInitializer({ initializer }: ModelSettings, next: Parameters<typeof initializerFor>[0]): Initializer {
  return initializer === 'auto' ? initializerFor(next) : initializers[initializer]();
}
