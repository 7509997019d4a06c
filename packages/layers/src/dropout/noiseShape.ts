// The shape of a mask: where it has extent 1, all values along that axis are dropped together.
import type { Shape } from '@nn/core';
import { ConfigError, ShapeError, checkInteger, shapeText, valueText } from '@nn/core';

/** An entry for each axis of x, the batch included: 1 where values share a number, null for as many numbers as x has. */
export type NoiseShape = readonly (number | null)[];

/** The shape given, as an option that cannot be changed. @throws ConfigError unless its entries are null or extents */
export function checkedNoiseShape(kind: string, noiseShape: NoiseShape | null): NoiseShape | null {
  if (noiseShape === null) return null;
  if (!Array.isArray(noiseShape)) {
    throw new ConfigError(
      `${kind}: noiseShape is ${valueText(noiseShape)}; it is a list with an entry for each axis, such as [null, 1, null].`,
    );
  }
  for (const extent of noiseShape) if (extent !== null) checkInteger(kind, 'an entry of noiseShape', extent, { from: 1 });
  return Object.freeze([...noiseShape]);
}

/** Of the numbers that are drawn for x of that shape. @throws ShapeError where they do not stretch over x */
export function numbersShape(kind: string, noiseShape: NoiseShape | null, x: Shape): Shape {
  if (noiseShape === null) return x;
  const fits = noiseShape.length === x.length && noiseShape.every((extent, axis) => extent === null || extent === 1 || extent === x[axis]);
  if (!fits) {
    throw new ShapeError(
      `${kind}: noiseShape is [${noiseShape.map(String).join(', ')}], but x is ${shapeText(x)}. It has an entry for each axis, the batch included: ` +
        '1 to drop what lies along it together, null or its extent otherwise.',
    );
  }
  return noiseShape.map((extent, axis) => extent ?? x[axis]!);
}
