// A drawing or photograph as the images of MNIST are: light on dark, 20 of 28 pixels long, its centre of mass in the middle.
import { DataError } from '@nn/kit';
import type { Picture } from './digit.ts';
import { crop, resize } from './resize.ts';

/** A picture of the size a network takes, and what was done to it, in words. */
export interface FittedPicture {
  readonly picture: Picture;
  readonly changes: readonly string[];
}

/** Of the longer side of the drawing to the side of the image, in MNIST. */
const drawnPart = 20 / 28;
/** Of the difference between ground and the brightest pixel: what is less belongs to the ground. */
const faintest = 0.2;
const leastContrast = 0.1;

/**
 * Fits a picture of any size: one of the size wanted is taken as it is, of another the drawing is cut out, scaled and centered.
 * Either way dark and light are exchanged where the background, the border that is, is light.
 *
 * @throws DataError for a picture without a drawing
 */
export function fitDigit(original: Picture, height: number, width: number): FittedPicture {
  const light = medianOf(border(original)) > 0.5;
  const changes = light ? ['light background, dark and light exchanged'] : [];
  const picture = light ? { ...original, pixels: Float64Array.from(original.pixels, (value) => 1 - value) } : original;
  if (picture.height === height && picture.width === width) return { picture, changes };
  const drawing = cutOut(stretchContrast(picture));
  const scale = (drawnPart * Math.min(height, width)) / Math.max(drawing.height, drawing.width);
  const scaled = resize(drawing, extent(drawing.height * scale), extent(drawing.width * scale));
  changes.push(
    `cut to ${drawing.width} × ${drawing.height} of ${original.width} × ${original.height}, scaled and centered in ${width} × ${height}`,
  );
  return { picture: placeByMass(scaled, height, width), changes };
}

function extent(length: number): number {
  return Math.max(1, Math.round(length));
}

/** The ground becomes 0 and the brightest pixel 1. */
function stretchContrast(picture: Picture): Picture {
  const values = Float64Array.from(picture.pixels);
  const ground = medianOf(border(picture));
  const brightest = values.reduce((largest, value) => Math.max(largest, value), 0);
  const contrast = brightest - ground;
  if (contrast < leastContrast)
    throw new DataError('The image shows nothing: its brightness is the same everywhere, as far as one can see.');
  return { ...picture, pixels: values.map((value) => Math.max(0, (value - ground) / contrast)) };
}

/** The smallest part that holds everything that is not faint. */
function cutOut(picture: Picture): Picture {
  const { height, width, pixels } = picture;
  let [top, left, bottom, right] = [height, width, 0, 0];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (pixels[row * width + column]! < faintest) continue;
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row + 1)];
      [left, right] = [Math.min(left, column), Math.max(right, column + 1)];
    }
  }
  return crop(picture, { top, left, height: bottom - top, width: right - left });
}

/** Places a picture in a larger one so that its centre of mass is in the middle, or as near as it fits. */
function placeByMass(small: Picture, height: number, width: number): Picture {
  const pixels = new Float64Array(height * width);
  let [mass, vertical, horizontal] = [0, 0, 0];
  forEachPixel(small, (value, row, column) => {
    mass += value;
    vertical += value * (row + 0.5);
    horizontal += value * (column + 0.5);
  });
  const top = offset(height, small.height, vertical / mass);
  const left = offset(width, small.width, horizontal / mass);
  forEachPixel(small, (value, row, column) => {
    pixels[(top + row) * width + left + column] = value;
  });
  return { height, width, pixels };
}

function offset(length: number, part: number, centre: number): number {
  return Math.min(length - part, Math.max(0, Math.round(length / 2 - centre)));
}

function forEachPixel({ height, width, pixels }: Picture, visit: (value: number, row: number, column: number) => void): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) visit(pixels[row * width + column]!, row, column);
  }
}

function border({ height, width, pixels }: Picture): number[] {
  const values: number[] = [];
  for (let index = 0; index < height * width; index++) {
    const [row, column] = [Math.floor(index / width), index % width];
    if (row === 0 || row === height - 1 || column === 0 || column === width - 1) values.push(pixels[index]!);
  }
  return values;
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
