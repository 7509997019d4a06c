// Makes what an image shows larger or smaller.
import { checkNumber, defineFactory, resolveOptions } from '@nn/core';
import { aroundCenter } from './image.ts';
import type { Range } from './range.ts';
import { checkRangeOption } from './range.ts';
import type { ImageTransform } from './transform.ts';

export interface ZoomOptions {
  /** The smallest and the largest factor, above 0 ([0.9, 1.1]); above 1 enlarges. */
  readonly range?: Range;
}

/** Enlarges around the middle by a factor within the range; the size of the image stays. @throws ConfigError for a range that is none */
export const zoom = defineFactory('zoom', createZoom, createZoom);

function createZoom(given: ZoomOptions = {}): ImageTransform {
  const options = resolveOptions<Required<ZoomOptions>>('zoom', given, { range: [0.9, 1.1] });
  const [smallest, largest] = checkRangeOption('zoom', 'range', options.range);
  checkNumber('zoom', 'range[0]', smallest, { above: 0 });
  checkNumber('zoom', 'range[1]', largest);
  return Object.freeze<ImageTransform>({
    kind: 'zoom',
    options: Object.freeze(options),
    place(size, draws) {
      const step = 1 / draws.between(smallest, largest);
      return aroundCenter(size, { a: step, b: 0, d: 0, e: step });
    },
  });
}
