// A network of ours from its description.
import type { Layer } from '@nn/kit';
import { batchNorm, conv2d, dense, flatten, heNormal, lecunNormal, maxPool2d, relu, selu, sequential } from '@nn/kit';
import type { LayerDescription, ModelDescription } from '../models.ts';

/** Its layers get the names that the description gives them: their kind and their number among these. */
export function networkOf({ layers }: ModelDescription): Layer {
  const kernelInitializer = layers.some(({ type }) => type === 'selu') ? lecunNormal() : heNormal();
  return sequential(...layers.map((layer) => layerOf(layer, kernelInitializer)));
}

function layerOf(layer: LayerDescription, kernelInitializer: ReturnType<typeof heNormal>): Layer {
  switch (layer.type) {
    case 'dense':
      return dense(layer.units, { bias: layer.bias, kernelInitializer });
    case 'conv2d':
      return conv2d(layer.filters, { window: layer.size, padding: 'same', bias: false, kernelInitializer });
    case 'batchNorm':
      return batchNorm();
    case 'maxPool2d':
      return maxPool2d();
    case 'flatten':
      return flatten();
    case 'relu':
      return relu();
    case 'selu':
      return selu();
  }
}
