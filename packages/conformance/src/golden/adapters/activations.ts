// Activations, through the layers of that name.
import type { Layer } from '@nn/core';
import { scalar } from '@nn/core';
import type { GeluApproximation } from '@nn/layers';
import {
  celu,
  elu,
  gelu,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  logSigmoid,
  logSoftmax,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  softsign,
  tanh,
} from '@nn/layers';
import type { Adapter } from '../adapter.ts';
import { formula } from '../adapter.ts';
import { expectSetting, numberSetting, optionalNumber, textSetting } from '../config.ts';
import type { GoldenCase } from '../format.ts';

const layer = (make: (golden: GoldenCase) => Layer): Adapter =>
  formula((scope, golden) => ({ outputs: { y: scope.apply(make(golden), scope.input('x'), { variables: {}, training: false }) } }));

/** α and λ are constants of SELU; a case with others asks for something else. */
function expectSeluConstants(golden: GoldenCase): void {
  expectSetting(golden, 'alpha', scalar.seluAlpha);
  expectSetting(golden, 'scale', scalar.seluLambda);
}

function geluOf(golden: GoldenCase): Layer {
  expectSetting(golden, 'approximate', 'none', 'tanh');
  return gelu({ approximate: textSetting(golden, 'approximate', 'none') as GeluApproximation });
}

export const activations: Readonly<Record<string, Adapter>> = {
  relu: layer(() => relu()),
  leakyRelu: layer((golden) => leakyRelu({ slope: numberSetting(golden, 'alpha') })),
  elu: layer((golden) => elu({ alpha: optionalNumber(golden, 'alpha', 1) })),
  selu: layer((golden) => {
    expectSeluConstants(golden);
    return selu();
  }),
  sigmoid: layer(() => sigmoid()),
  tanh: layer(() => tanh()),
  softmax: layer((golden) => softmax({ axis: optionalNumber(golden, 'axis', -1) })),
  logSoftmax: layer((golden) => logSoftmax({ axis: optionalNumber(golden, 'axis', -1) })),
  gelu: layer(geluOf),
  silu: layer(() => silu()),
  softplus: layer((golden) => softplus({ beta: optionalNumber(golden, 'beta', 1) })),
  softsign: layer(() => softsign()),
  mish: layer(() => mish()),
  relu6: layer(() => relu6()),
  logSigmoid: layer(() => logSigmoid()),
  celu: layer((golden) => celu({ alpha: optionalNumber(golden, 'alpha', 1) })),
  hardSigmoid: layer(() => hardSigmoid()),
  hardSwish: layer(() => hardSwish()),
};
