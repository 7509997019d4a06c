// L1 regularization: many weights become exactly 0, or nearly so.
import type { Regularizer } from '@nn/core';
import { abs, checkFlag, checkNumber, defineFactory, resolveOptions, sum } from '@nn/core';
import { softThreshold } from './proximal.ts';

export interface L1Options {
  /**
   * Pulls every weight towards 0 by learningRate · lambda after its update and stops there, in place of a gradient (false). Only so do
   * weights become exactly 0; with the gradient they swing around it.
   */
  readonly proximal?: boolean;
}

/**
 * λ‖W‖₁, with the gradient λ · sign(W), which is 0 at 0. Source: lecture 003; Tibshirani, "Regression shrinkage and selection via the
 * lasso" (1996). `proximal` is the step of Daubechies, Defrise, De Mol (2004).
 *
 * @throws ConfigError unless `lambda` is a finite number from 0
 */
export const l1 = defineFactory('l1', createL1, ({ lambda, proximal }) => createL1(lambda as number, { proximal: proximal as boolean }));

function createL1(lambda: number, given: L1Options = {}): Regularizer {
  checkNumber('l1', 'lambda', lambda, { from: 0 });
  const { proximal } = resolveOptions('l1', given, { proximal: false });
  checkFlag('l1', 'proximal', proximal);
  return Object.freeze<Regularizer>({
    kind: 'l1',
    options: Object.freeze({ lambda, proximal }),
    penalty: (parameter) => sum(abs(parameter)).mul(lambda),
    ...(proximal ? { proximal: (parameter, learningRate) => softThreshold(parameter, learningRate, { l1: lambda, l2: 0 }) } : {}),
  });
}
