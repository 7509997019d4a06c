// Layers of real numbers refuse integers and bytes by their names, when their variables are declared: before training and before inference.
import type { AnyLayer } from '@nn/core';
import { DTypeError } from '@nn/core';
import { expect, it } from 'vitest';
import { alphaDropout } from './dropout/alphaDropout.ts';
import { batchNorm } from './normalization/batchNorm.ts';
import { batchRenorm } from './normalization/batchRenorm.ts';
import { declare } from './testing/declare.ts';
import { dropout } from './dropout/dropout.ts';
import { gaussianDropout } from './dropout/gaussianDropout.ts';
import { gaussianNoise } from './dropout/gaussianNoise.ts';
import { ghostBatchNorm } from './normalization/ghostBatchNorm.ts';
import { globalAvgPool2d } from './images/globalAvgPool2d.ts';
import { groupNorm } from './normalization/groupNorm.ts';
import { instanceNorm } from './normalization/instanceNorm.ts';
import { layerNorm } from './normalization/layerNorm.ts';
import { prelu } from './activations/prelu.ts';
import { rmsNorm } from './normalization/rmsNorm.ts';
import { spatialDropout } from './dropout/spatialDropout.ts';
import { standardize } from './normalization/standardize.ts';

const layers: readonly AnyLayer[] = [
  alphaDropout(),
  batchNorm(),
  batchRenorm(),
  dropout(),
  dropout({ rate: 0.2, scaling: 'inference' }),
  gaussianDropout(),
  gaussianNoise(),
  ghostBatchNorm(),
  globalAvgPool2d(),
  groupNorm({ groups: 1 }),
  instanceNorm(),
  layerNorm(),
  prelu(),
  rmsNorm(),
  spatialDropout(),
  standardize(),
];

it.each(layers.map((layer) => [layer.kind, layer] as const))('%s takes f32 alone', (kind, layer) => {
  for (const dtype of ['i32', 'u8'] as const) {
    const message = `${kind} takes f32, but x is ${dtype}[2, 2, 2, 3]. Convert with cast(x, 'f32').`;
    expect(() => declare(layer, [2, 2, 2, 3], dtype)).toThrow(new DTypeError(message));
  }
  expect(() => declare(layer, [2, 2, 2, 3])).not.toThrow();
});
