// Presets: the settings of each library, and that layers take them.
import { expect, it } from 'vitest';
import { batchNorm } from './normalization/batchNorm.ts';
import { groupNorm } from './normalization/groupNorm.ts';
import { instanceNorm } from './normalization/instanceNorm.ts';
import { layerNorm } from './normalization/layerNorm.ts';
import { presets } from './presets.ts';
import { rmsNorm } from './normalization/rmsNorm.ts';

it.each([
  ['torch', { batchNorm: 1e-5, decay: 0.9, unbiased: true, layerNorm: 1e-5, groupNorm: 1e-5, rmsNorm: 2 ** -23 }],
  ['keras', { batchNorm: 1e-3, decay: 0.99, unbiased: false, layerNorm: 1e-3, groupNorm: 1e-3, rmsNorm: 1e-6 }],
  ['flax', { batchNorm: 1e-5, decay: 0.99, unbiased: false, layerNorm: 1e-6, groupNorm: 1e-6, rmsNorm: 1e-6 }],
  ['onnx', { batchNorm: 1e-5, decay: 0.9, unbiased: false, layerNorm: 1e-5, groupNorm: 1e-5, rmsNorm: 1e-5 }],
] as const)('%s', (name, expected) => {
  const preset = presets[name];
  const { epsilon, runningStatistics } = batchNorm(preset.batchNorm).options as { epsilon: number; runningStatistics: { options: object } };
  expect({ ...runningStatistics.options, batchNorm: epsilon }).toMatchObject({
    batchNorm: expected.batchNorm,
    decay: expected.decay,
    unbiased: expected.unbiased,
  });
  expect(layerNorm(preset.layerNorm).options).toMatchObject({ epsilon: expected.layerNorm });
  expect(groupNorm(preset.groupNorm).options).toMatchObject({ epsilon: expected.groupNorm });
  expect(rmsNorm(preset.rmsNorm).options).toMatchObject({ epsilon: expected.rmsNorm });
  expect(instanceNorm(preset.instanceNorm).options['scale']).toBe(name !== 'torch');
});

it('can be changed where they are used', () => {
  expect(batchNorm({ ...presets.keras.batchNorm, channelAxis: 1 }).options).toMatchObject({ epsilon: 1e-3, channelAxis: 1 });
});
