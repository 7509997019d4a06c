// Calls of the ops that slide a window over an image: convolution, its two gradients, and pooling.
import type { NdArray } from '@nn/core';
import type { Draw } from './arrays.ts';
import { numbers } from './arrays.ts';
import type { OpSamples } from './opSample.ts';

type WindowOp = 'conv2d' | 'conv2dInputGradient' | 'conv2dKernelGradient' | 'maxPool2d' | 'maxPool2dGradient' | 'avgPool2d';

interface Sliding {
  readonly title: string;
  readonly x: readonly number[];
  readonly strides: Pair;
  readonly padding: readonly [Pair, Pair];
  readonly dilations: Pair;
}

type Pair = readonly [number, number];
const noPadding = [
  [0, 0],
  [0, 0],
] as const;

/** Convolutions with the shape of what they give. */
const convolutionSettings: readonly (Sliding & {
  readonly kernel: readonly [number, number, number, number];
  readonly y: readonly number[];
  readonly groups: number;
})[] = [
  {
    title: 'plain',
    x: [2, 4, 3, 2],
    kernel: [2, 2, 2, 3],
    y: [2, 3, 2, 3],
    strides: [1, 1],
    padding: noPadding,
    dilations: [1, 1],
    groups: 1,
  },
  {
    title: 'strides and padding',
    x: [1, 5, 4, 2],
    kernel: [3, 2, 2, 2],
    y: [1, 3, 4, 2],
    strides: [2, 1],
    padding: [
      [1, 1],
      [0, 1],
    ],
    dilations: [1, 1],
    groups: 1,
  },
  {
    title: 'dilation and groups',
    x: [1, 5, 5, 4],
    kernel: [2, 3, 2, 2],
    y: [1, 3, 2, 2],
    strides: [1, 2],
    padding: noPadding,
    dilations: [2, 1],
    groups: 2,
  },
  {
    title: 'everything at once',
    x: [2, 6, 5, 4],
    kernel: [2, 3, 2, 6],
    y: [2, 4, 2, 6],
    strides: [2, 3],
    padding: [
      [1, 3],
      [2, 1],
    ],
    dilations: [3, 2],
    groups: 2,
  },
  {
    title: 'a kernel per channel',
    x: [1, 3, 3, 3],
    kernel: [2, 2, 1, 6],
    y: [1, 2, 2, 6],
    strides: [1, 1],
    padding: noPadding,
    dilations: [1, 1],
    groups: 3,
  },
];

const convolutionSamples = ({ normal }: Draw) =>
  convolutionSettings.map(({ title, x, kernel, y, ...rest }) => ({
    title,
    arrays: { x: normal('x', x), kernel: normal('kernel', kernel), dy: normal('dy', y) },
    attrs: { ...rest, window: [kernel[0], kernel[1]] as const },
    image: { height: x[1]!, width: x[2]! },
  }));

const pools: readonly (Sliding & { readonly window: Pair; readonly overhang: Pair })[] = [
  { title: 'side by side', x: [1, 4, 4, 2], window: [2, 2], strides: [2, 2], padding: noPadding, dilations: [1, 1], overhang: [0, 0] },
  {
    title: 'overlapping, with padding',
    x: [2, 3, 5, 1],
    window: [3, 2],
    strides: [1, 2],
    padding: [
      [1, 1],
      [0, 1],
    ],
    dilations: [1, 1],
    overhang: [0, 0],
  },
  {
    title: 'reaching over the end',
    x: [1, 5, 5, 1],
    window: [2, 2],
    strides: [2, 2],
    padding: noPadding,
    dilations: [1, 1],
    overhang: [1, 1],
  },
  {
    title: 'with gaps',
    x: [1, 6, 7, 2],
    window: [2, 3],
    strides: [1, 2],
    padding: [
      [1, 0],
      [2, 1],
    ],
    dilations: [3, 2],
    overhang: [0, 1],
  },
];

const poolSamples = ({ normal }: Draw) => pools.map(({ title, x, ...attrs }) => ({ title, attrs, inputs: [normal('x', x)] }));

/** f32 [1, n, n, 1] */
function imageOf(...values: readonly number[]): NdArray {
  const extent = Math.sqrt(values.length);
  return numbers(...values).reshape([1, extent, extent, 1]);
}

/** Samples of the ops that slide a window, over the arrays of one seed. */
export function windowSamplesOf(draw: Draw): Pick<OpSamples, WindowOp> {
  const convolutions = convolutionSamples(draw);
  const pooled = poolSamples(draw);
  return {
    conv2d: convolutions.map(({ title, attrs, arrays }) => ({ title, attrs, inputs: [arrays.x, arrays.kernel] })),
    conv2dInputGradient: convolutions.map(({ title, attrs, arrays, image }) => ({
      title,
      attrs: { ...attrs, ...image },
      inputs: [arrays.kernel, arrays.dy],
    })),
    conv2dKernelGradient: convolutions.map(({ title, attrs, arrays }) => ({ title, attrs, inputs: [arrays.x, arrays.dy] })),
    maxPool2d: pooled,
    maxPool2dGradient: [
      {
        title: 'overlapping windows',
        attrs: { window: [2, 2], strides: [1, 1], padding: noPadding, dilations: [1, 1], overhang: [0, 0] },
        // x, its largest elements under the windows, and dy. The first two are compared for equality, which has no derivative.
        inputs: [imageOf(9, 1, 8, 2, 3, 4, 7, 5, 6), imageOf(9, 8, 7, 6), imageOf(0.5, -1.25, 2, 0.75)],
        differentiatedBy: [2],
      },
    ],
    avgPool2d: pooled.flatMap(({ title, attrs, inputs }) => [
      { title, attrs: { ...attrs, countPadding: true }, inputs },
      { title: `${title}, elements only`, attrs: { ...attrs, countPadding: false }, inputs },
    ]),
  };
}
