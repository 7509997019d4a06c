// Convolution and pooling. The files have channels second and kernels OIHW; the toolkit has channels last and kernels HWIO.
import type { Layer, Tensor } from '@nn/core';
import { add, avgPool2d, conv2d, maxPool2d, transpose } from '@nn/core';
import { globalAvgPool2d, globalMaxPool2d } from '@nn/layers';
import type { Adapter } from '../adapter.ts';
import { formula } from '../adapter.ts';
import { NotYet, expectSetting, flagSetting, numbersSetting, optionalNumber } from '../config.ts';
import type { GoldenCase } from '../format.ts';

type Pair = readonly [number, number];
type Padding = readonly [Pair, Pair];

const channelsLast = (x: Tensor): Tensor => transpose(x, [0, 2, 3, 1]);
const channelsSecond = (x: Tensor): Tensor => transpose(x, [0, 3, 1, 2]);
/** OIHW to HWIO. */
const kernelOf = (kernel: Tensor): Tensor => transpose(kernel, [2, 3, 1, 0]);

/** The spatial axes of NCHW. */
const spatial = [2, 3];

function pairSetting(golden: GoldenCase, name: string): Pair {
  return numbersSetting(golden, name) as Pair;
}

function paddingSetting({ config }: GoldenCase): Padding {
  return config['padding'] as Padding;
}

interface PoolCall {
  readonly strides: Pair;
  readonly padding: Padding;
  readonly overhang: Pair;
}

function poolCall(golden: GoldenCase, x: Tensor): { window: Pair; options: PoolCall } {
  expectSetting(golden, 'layout', 'NCHW');
  const [window, strides, padding] = [pairSetting(golden, 'kernel'), pairSetting(golden, 'strides'), paddingSetting(golden)];
  const overhang = (index: 0 | 1): number =>
    flagSetting(golden, 'ceilMode') ? overhangOf(x.shape[spatial[index]!]!, padding[index], window[index], strides[index]) : 0;
  return { window, options: { strides, padding, overhang: [overhang(0), overhang(1)] } };
}

/** How far the last window reaches past the padding when a part of a window counts, as long as it starts before the padding after. */
function overhangOf(extent: number, [before, after]: Pair, window: number, stride: number): number {
  const rest = before + extent + after - window;
  const steps = Math.ceil(rest / stride);
  const last = steps * stride >= before + extent ? steps - 1 : steps;
  return Math.max(0, last * stride - rest);
}

/** The convolution that a case asks for, of x NCHW with a kernel OIHW. Steps and groups of 1 may be left out. */
export function convolved(golden: GoldenCase, x: Tensor, kernel: Tensor, bias: Tensor | undefined): Tensor {
  const y = conv2d(channelsLast(x), kernelOf(kernel), {
    strides: pairSetting(golden, 'strides'),
    padding: paddingSetting(golden),
    dilations: golden.config['dilations'] === undefined ? [1, 1] : pairSetting(golden, 'dilations'),
    groups: optionalNumber(golden, 'groups', 1),
  });
  return channelsSecond(bias === undefined ? y : add(y, bias));
}

const overWholeImages = (layer: () => Layer): Adapter =>
  formula((scope) => ({ outputs: { y: scope.apply(layer(), channelsLast(scope.input('x')), { variables: {}, training: false }) } }));

export const images: Readonly<Record<string, Adapter>> = {
  conv2d: formula((scope, golden) => {
    expectSetting(golden, 'layout', 'NCHW');
    expectSetting(golden, 'kernelLayout', 'OIHW');
    return { outputs: { y: convolved(golden, scope.input('x'), scope.input('W'), scope.optionalInput('b')) } };
  }),
  maxPool2d: formula((scope, golden) => {
    // The op takes any window without gaps.
    if (golden.config['dilations'] !== undefined && pairSetting(golden, 'dilations').some((dilation) => dilation !== 1))
      throw new NotYet('pooling with dilation');
    const x = scope.input('x');
    const { window, options } = poolCall(golden, x);
    return { outputs: { y: channelsSecond(maxPool2d(channelsLast(x), window, options)) } };
  }),
  avgPool2d: formula((scope, golden) => {
    const x = scope.input('x');
    const { window, options } = poolCall(golden, x);
    const countPadding = flagSetting(golden, 'countIncludePad');
    return { outputs: { y: channelsSecond(avgPool2d(channelsLast(x), window, { ...options, countPadding })) } };
  }),
  globalAvgPool2d: overWholeImages(globalAvgPool2d),
  globalMaxPool2d: overWholeImages(globalMaxPool2d),
};
