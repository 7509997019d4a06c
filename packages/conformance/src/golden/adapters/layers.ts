// Dense layers, and dropout with a given mask.
import { elementwise, scalar } from '@nn/core';
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
    const rate = numberSetting(golden, 'p');
    const scale = rate < 1 ? 1 / (1 - rate) : 1;
    const [x, mask] = [scope.input('x'), scope.input('mask')];
    return { outputs: { y: elementwise((value, kept) => scalar.select(scalar.notEqual(kept, 0), scalar.mul(value, scale), 0), x, mask) } };
  }),
};
