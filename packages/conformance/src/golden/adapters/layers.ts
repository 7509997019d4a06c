// Dense layers, and dropout with a given mask.
import type { Expr } from '@nn/core';
import { elementwise, scalar } from '@nn/core';
import { alphaDropoutCorrection, dense } from '@nn/layers';
import type { Adapter } from '../adapter.ts';
import { formula } from '../adapter.ts';
import { expectSetting, flagSetting, numberSetting } from '../config.ts';

/** The mask is given, so the layers (which draw their own) are not in it: only their formulas, which select. */
const masked = (kept: (value: Expr, rate: number) => Expr, dropped: (rate: number) => number): Adapter =>
  formula((scope, golden) => {
    const rate = numberSetting(golden, 'p');
    const [x, mask] = [scope.input('x'), scope.input('mask')];
    return {
      outputs: { y: elementwise((value, keep) => scalar.select(scalar.notEqual(keep, 0), kept(value, rate), dropped(rate)), x, mask) },
    };
  });

export const layers: Readonly<Record<string, Adapter>> = {
  dense: formula((scope, golden) => {
    expectSetting(golden, 'kernelLayout', 'in,out');
    const bias = flagSetting(golden, 'useBias');
    const variables = { kernel: 'W', ...(bias ? { bias: 'b' } : {}) };
    return { outputs: { y: scope.apply(dense(numberSetting(golden, 'out'), { bias }), scope.input('x'), { variables, training: true }) } };
  }),
  dropout: masked(
    (value, rate) => (rate < 1 ? scalar.mul(value, 1 / (1 - rate)) : value),
    () => 0,
  ),
  alphaDropout: masked(
    (value, rate) => {
      const { scale, shift } = alphaDropoutCorrection(rate);
      return scalar.add(scalar.mul(value, scale), shift);
    },
    (rate) => {
      const { scale, shift } = alphaDropoutCorrection(rate);
      return shift - scale * scalar.seluLambda * scalar.seluAlpha;
    },
  ),
};
