// The networks that are compared, as plain lists of layers: every contender builds them from the same list.

export type LayerDescription =
  /** y = x W + b. Variables `<name>/kernel` [inputs, units], `<name>/bias`. */
  | { readonly type: 'dense'; readonly name: string; readonly inputs: number; readonly units: number; readonly bias: boolean }
  /** 3 × 3 with stride 1 and zeros around, no bias. Variable `<name>/kernel` [size, size, inputs, filters]. */
  | { readonly type: 'conv2d'; readonly name: string; readonly size: number; readonly inputs: number; readonly filters: number }
  /** Over all axes but the last. Variables `<name>/gamma`, `<name>/beta`; epsilon 1e-5. */
  | { readonly type: 'batchNorm'; readonly name: string; readonly features: number }
  /** Windows of 2 × 2. */
  | { readonly type: 'maxPool2d' }
  | { readonly type: 'flatten' }
  | { readonly type: 'relu' }
  | { readonly type: 'selu' };

export interface ModelDescription {
  /** Shape of one sample, channels last. */
  readonly sample: readonly number[];
  readonly layers: readonly LayerDescription[];
}

export const classes = 10;
const pixels = 28 * 28;

const dense = (name: string, inputs: number, units: number, bias: boolean) => ({ type: 'dense', name, inputs, units, bias }) as const;
const batchNorm = (name: string, features: number) => ({ type: 'batchNorm', name, features }) as const;
const conv2d = (name: string, inputs: number, filters: number) => ({ type: 'conv2d', name, size: 3, inputs, filters }) as const;
const [relu, selu, flatten, maxPool2d] = [{ type: 'relu' }, { type: 'selu' }, { type: 'flatten' }, { type: 'maxPool2d' }] as const;

const deepUnits = 128;

export const models = {
  mlp: {
    sample: [pixels],
    layers: [
      [dense('dense1', pixels, 256, false), batchNorm('batchNorm1', 256), relu],
      [dense('dense2', 256, 128, false), batchNorm('batchNorm2', 128), relu],
      dense('dense3', 128, classes, true),
    ].flat(),
  },
  'deep-selu': {
    sample: [pixels],
    layers: [
      ...Array.from({ length: 8 }, (_, index) => [dense(`dense${index + 1}`, index === 0 ? pixels : deepUnits, deepUnits, true), selu]),
      dense('dense9', deepUnits, classes, true),
    ].flat(),
  },
  cnn: {
    sample: [28, 28, 1],
    layers: [
      [conv2d('conv2d1', 1, 32), batchNorm('batchNorm1', 32), relu, maxPool2d],
      [conv2d('conv2d2', 32, 64), batchNorm('batchNorm2', 64), relu, maxPool2d],
      [flatten, dense('dense1', 7 * 7 * 64, 128, true), relu],
      dense('dense2', 128, classes, true),
    ].flat(),
  },
} as const satisfies Record<string, ModelDescription>;

export type ModelName = keyof typeof models;

/** Floating-point operations of the products of a forward pass over one sample; a training step takes about three times that. */
export function productFlops({ sample, layers }: ModelDescription): number {
  let [height = 1, width = 1] = sample.length === 3 ? sample : [];
  let flops = 0;
  for (const layer of layers) {
    if (layer.type === 'dense') flops += 2 * layer.inputs * layer.units;
    if (layer.type === 'conv2d') flops += 2 * height * width * layer.size ** 2 * layer.inputs * layer.filters;
    if (layer.type === 'maxPool2d') [height, width] = [height / 2, width / 2];
  }
  return flops;
}
