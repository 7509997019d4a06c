// Dense layers, and dropout with a given mask.
import { mul, notEqual, where } from '@nn/core';
import { dense } from '@nn/layers';
import type { Adapter } from '../adapter.ts';
import { formula } from '../adapter.ts';
import { expectSetting, flagSetting, numberSetting } from '../config.ts';

export const layers: Readonly<Record<string, Adapter>> = {
  dense: formula((scope, golden) => {
    expectSetting(golden, 'kernelLayout', 'in,out');
    const bias = flagSetting(golden, 'useBias');
    const variables = { kernel: 'W', ...(bias ? { bias: 'b' } : {}) };
    return { outputs: { y: scope.apply(dense(numberSetting(golden, 'out'), { bias }), scope.input('x'), { variables, training: true }) } };
  }),
  // The mask is given, so the layer (which draws its own) is not in it: only its formula, which selects.
  dropout: formula((scope, golden) => {
    const kept = notEqual(scope.input('mask'), 0);
    return { outputs: { y: where(kept, mul(scope.input('x'), 1 / (1 - numberSetting(golden, 'p'))), 0) } };
  }),
};
