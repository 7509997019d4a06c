// From settings to what is trained: the network and its optimizer.
import type { Initializer, Layer, Optimizer } from '@nn/kit';
import { dense, dropout, flatten, initializerFor, sequential } from '@nn/kit';
import { activations, initializers, normalizers, optimizers, schedules } from './choices.ts';
import type { Settings } from './settings.ts';

/** The settings that say what the network looks like. */
export type ModelSettings = Pick<Settings, 'hidden' | 'normalization' | 'order' | 'activation' | 'initializer' | 'dropout' | 'classes'>;

/**
 * A fully connected classifier of images [height, width, 1]: `flatten`, then `dense1`, `dense2`, … with normalization, activation and
 * dropout after each but the last, which gives the logits. Names do not depend on what stands between, so that networks with and
 * without normalization or dropout start from the same kernels.
 */
export function buildModel(settings: ModelSettings): Layer {
  const { hidden, activation, classes } = settings;
  const output = dense(classes, { kernelInitializer: kernelInitializer(settings, 'softmax') });
  return sequential(
    flatten(),
    ...hidden.flatMap((units) => hiddenLayers(units, settings, kernelInitializer(settings, activation))),
    output,
  );
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

function hiddenLayers(units: number, settings: ModelSettings, initializer: Initializer): Layer[] {
  const { normalization, order, activation } = settings;
  const normalizer = normalization === 'none' ? [] : [normalizers[normalization]()];
  const activate = activations[activation]();
  const rescaled = order === 'pre' ? [...normalizer, activate] : [activate, ...normalizer];
  return [
    dense(units, { kernelInitializer: initializer, bias: !takesBiasAway(settings) }),
    ...rescaled,
    ...(settings.dropout === 0 ? [] : [dropout({ rate: settings.dropout })]),
  ];
}

/** Batch normalization right after a layer subtracts whatever its bias adds. */
function takesBiasAway({ normalization, order }: ModelSettings): boolean {
  return normalization === 'batch' && order === 'pre';
}

/** The initializer chosen, or the one that fits what follows the layer. */
function kernelInitializer({ initializer }: ModelSettings, next: Parameters<typeof initializerFor>[0]): Initializer {
  return initializer === 'auto' ? initializerFor(next) : initializers[initializer]();
}
