// Weight normalization and normalization propagation. The files keep `axis` and have 1 on the others, the toolkit has lengths alone.
import type { Tensor } from '@nn/core';
import { linear, transpose } from '@nn/core';
import type { WeightNormOptions } from '@nn/layers';
import { dense, normPropRelu, weightNorm } from '@nn/layers';
import type { Adapter, Recorded, Scope } from '../adapter.ts';
import { formula, realInput } from '../adapter.ts';
import { expectSetting, numberSetting, textSetting } from '../config.ts';
import type { GoldenCase } from '../format.ts';
import { convolved } from './images.ts';

/** `axis`, where null is one length for all. */
function axisSetting(golden: GoldenCase): WeightNormOptions {
  return { axis: golden.config['axis'] === null ? null : numberSetting(golden, 'axis') };
}

/** The kernel in the layout of the file. */
function normalizedKernel(scope: Scope, golden: GoldenCase): Tensor {
  return scope.apply(weightNorm(axisSetting(golden)), realInput(scope, 'v'), { variables: { length: 'g' }, training: true });
}

function normalizedDense(scope: Scope, golden: GoldenCase): Recorded {
  expectSetting(golden, 'layout', 'in,out', 'out,in');
  const [x, bias] = [realInput(scope, 'x'), Object.hasOwn(golden.inputs, 'bias')];
  if (textSetting(golden, 'layout', 'in,out') === 'out,in') {
    const kernel = transpose(normalizedKernel(scope, golden));
    return { outputs: { y: bias ? linear(x, kernel, realInput(scope, 'bias')) : linear(x, kernel) } };
  }
  const model = dense(golden.inputs['v']!.shape[1]!, { bias, kernelTransform: weightNorm(axisSetting(golden)) });
  const variables = { kernel: 'v', 'weightNorm/length': 'g', ...(bias ? { bias: 'bias' } : {}) };
  return { outputs: { y: scope.apply(model, x, { variables, training: true }) } };
}

function normalizedConvolution(scope: Scope, golden: GoldenCase): Recorded {
  expectSetting(golden, 'layout', 'NCHW/OIHW');
  const y = convolved(golden, realInput(scope, 'x'), normalizedKernel(scope, golden), scope.optionalInput('bias'));
  return { outputs: { y } };
}

/** The layer `normPropDense` with what it normalizes with as options, and with u beside y. */
function propagated(scope: Scope, golden: GoldenCase): Recorded {
  const model = dense(numberSetting(golden, 'out'), { kernelTransform: weightNorm() });
  const variables = { kernel: 'W', 'weightNorm/length': 'gamma', bias: 'beta' };
  const u = scope.apply(model, realInput(scope, 'x'), { variables, training: true });
  return { outputs: { u, y: normPropRelu(u, { mean: numberSetting(golden, 'c1'), deviation: numberSetting(golden, 'c2') }) } };
}

export const weightNormalization: Readonly<Record<string, Adapter>> = {
  weightNorm: formula((scope, golden) => ({ outputs: { w: normalizedKernel(scope, golden) } })),
  weightNormDense: formula(normalizedDense),
  weightNormConv2d: formula(normalizedConvolution),
  normPropDense: formula(propagated),
};
