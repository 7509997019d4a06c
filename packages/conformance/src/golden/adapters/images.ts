// Convolution and pooling. The files have channels second and kernels OIHW; the toolkit has channels last and kernels HWIO.
import type { Layer, Tensor } from '@nn/core';
import { add, conv2d, transpose } from '@nn/core';
import type { PoolOptions } from '@nn/layers';
import { avgPool2d, globalAvgPool2d, globalMaxPool2d, maxPool2d } from '@nn/layers';
import type { Adapter, Scope } from '../adapter.ts';
import { formula } from '../adapter.ts';
import { expectSetting, flagSetting, numbersSetting, optionalNumber } from '../config.ts';
import type { GoldenCase } from '../format.ts';

type Pair = readonly [number, number];

const channelsLast = (x: Tensor): Tensor => transpose(x, [0, 2, 3, 1]);
const channelsSecond = (x: Tensor): Tensor => transpose(x, [0, 3, 1, 2]);
/** OIHW to HWIO. */
const kernelOf = (kernel: Tensor): Tensor => transpose(kernel, [2, 3, 1, 0]);

function pairSetting(golden: GoldenCase, name: string, otherwise: Pair): Pair {
  return golden.config[name] === undefined ? otherwise : (numbersSetting(golden, name) as Pair);
}

function paddingSetting({ config }: GoldenCase): readonly [Pair, Pair] {
  const none = [
    [0, 0],
    [0, 0],
  ] as const;
  return (config['padding'] as readonly [Pair, Pair] | undefined) ?? none;
}

function poolOptions(golden: GoldenCase): Required<PoolOptions> {
  const window = numbersSetting(golden, 'kernel') as Pair;
  return {
    window,
    strides: pairSetting(golden, 'strides', window),
    padding: paddingSetting(golden),
    dilations: pairSetting(golden, 'dilations', [1, 1]),
    ceilMode: flagSetting(golden, 'ceilMode'),
  };
}

function applied(layer: Layer, scope: Scope, golden: GoldenCase): Tensor {
  expectSetting(golden, 'layout', 'NCHW');
  return scope.apply(layer, channelsLast(scope.input('x')), { variables: {}, training: false });
}

const pooling = (layer: (golden: GoldenCase) => Layer): Adapter =>
  formula((scope, golden) => ({ outputs: { y: channelsSecond(applied(layer(golden), scope, golden)) } }));

/** A result per channel has no axes that could be turned. */
const overWholeImages = (layer: () => Layer): Adapter => formula((scope, golden) => ({ outputs: { y: applied(layer(), scope, golden) } }));

/** The convolution that a case asks for, of x NCHW with a kernel OIHW. Steps and groups of 1 may be left out. */
export function convolved(golden: GoldenCase, x: Tensor, kernel: Tensor, bias: Tensor | undefined): Tensor {
  const y = conv2d(channelsLast(x), kernelOf(kernel), {
    strides: pairSetting(golden, 'strides', [1, 1]),
    padding: paddingSetting(golden),
    dilations: pairSetting(golden, 'dilations', [1, 1]),
    groups: optionalNumber(golden, 'groups', 1),
  });
  return channelsSecond(bias === undefined ? y : add(y, bias));
}

export const images: Readonly<Record<string, Adapter>> = {
  conv2d: formula((scope, golden) => {
    expectSetting(golden, 'layout', 'NCHW');
    expectSetting(golden, 'kernelLayout', 'OIHW');
    return { outputs: { y: convolved(golden, scope.input('x'), scope.input('W'), scope.optionalInput('b')) } };
  }),
  maxPool2d: pooling((golden) => maxPool2d(poolOptions(golden))),
  avgPool2d: pooling((golden) => avgPool2d({ ...poolOptions(golden), countPadding: flagSetting(golden, 'countIncludePad') })),
  globalAvgPool2d: overWholeImages(globalAvgPool2d),
  globalMaxPool2d: overWholeImages(globalMaxPool2d),
};
