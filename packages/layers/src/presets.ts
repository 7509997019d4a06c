// The defaults of other libraries, for numbers that are to be theirs: `batchNorm(presets.keras.batchNorm)`.
import type { BatchNormOptions } from './normalization/batchNorm.ts';
import { ema } from './runningStatistics/ema.ts';
import type { GroupNormOptions } from './normalization/groupNorm.ts';
import type { InstanceNormOptions } from './normalization/instanceNorm.ts';
import type { LayerNormOptions } from './normalization/layerNorm.ts';
import type { RmsNormOptions } from './normalization/rmsNorm.ts';

/** Options of the normalizations as one library has them. */
export interface Preset {
  readonly batchNorm: BatchNormOptions;
  readonly layerNorm: LayerNormOptions;
  readonly instanceNorm: InstanceNormOptions;
  readonly groupNorm: GroupNormOptions;
  readonly rmsNorm: RmsNormOptions;
}

/** Libraries, and the ONNX format, whose defaults are known. */
export type PresetName = 'torch' | 'keras' | 'flax' | 'onnx';

const preset = (options: Preset): Preset => Object.freeze(options);

/** One ε for everything that does not name its own. */
const epsilons = (epsilon: number): Omit<Preset, 'batchNorm'> => ({
  layerNorm: { epsilon },
  instanceNorm: { epsilon },
  groupNorm: { epsilon },
  rmsNorm: { epsilon },
});

/**
 * Defaults of PyTorch 2, Keras 3, Flax NNX, and the operators of ONNX. Channels are last here, whatever they are there. PyTorch's
 * instance normalization learns nothing unless asked to; its ε of RMS normalization is the distance from 1 to the next float32.
 */
export const presets: Readonly<Record<PresetName, Preset>> = Object.freeze({
  torch: preset({
    ...epsilons(1e-5),
    batchNorm: { epsilon: 1e-5, runningStatistics: ema({ decay: 0.9, unbiased: true }) },
    instanceNorm: { epsilon: 1e-5, scale: false, center: false },
    rmsNorm: { epsilon: 2 ** -23 },
  }),
  keras: preset({
    ...epsilons(1e-3),
    batchNorm: { epsilon: 1e-3, runningStatistics: ema({ decay: 0.99, unbiased: false }) },
    rmsNorm: { epsilon: 1e-6 },
  }),
  flax: preset({
    ...epsilons(1e-6),
    batchNorm: { epsilon: 1e-5, runningStatistics: ema({ decay: 0.99, unbiased: false }) },
  }),
  onnx: preset({
    ...epsilons(1e-5),
    batchNorm: { epsilon: 1e-5, runningStatistics: ema({ decay: 0.9, unbiased: false }) },
  }),
});
