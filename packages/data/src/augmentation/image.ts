// An image while it is changed, and reading it between its pixels.

export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Channels last, in float64, so that rounding to float32 happens once. */
export interface Image extends ImageSize {
  readonly pixels: Float64Array;
}

/** Where the pixels of a new image come from: column x and row y of the old one, as a · x + b · y + c and d · x + e · y + f. */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

/** The map that `first` and then `second` are together. */
export function composed(first: Affine, second: Affine): Affine {
  return {
    a: first.a * second.a + first.b * second.d,
    b: first.a * second.b + first.b * second.e,
    c: first.a * second.c + first.b * second.f + first.c,
    d: first.d * second.a + first.e * second.d,
    e: first.d * second.b + first.e * second.e,
    f: first.d * second.c + first.e * second.f + first.f,
  };
}

/** A map that turns and stretches around the middle of the image. */
export function aroundCenter({ height, width }: ImageSize, { a, b, d, e }: Pick<Affine, 'a' | 'b' | 'd' | 'e'>): Affine {
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  return { a, b, c: x - a * x - b * y, d, e, f: y - d * x - e * y };
}

/** Reads the image at other places, which `column` and `row` say; what lies outside of it is `fill`. Bilinear. */
export function resampled(
  image: Image,
  fill: number,
  column: (x: number, y: number) => number,
  row: (x: number, y: number) => number,
): Float64Array {
  const { height, width, channels } = image;
  const pixels = new Float64Array(image.pixels.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      readBetween(image, { fill, x: column(x, y), y: row(x, y) }, pixels, (y * width + x) * channels);
    }
  }
  return pixels;
}

/** Writes all channels at a place between four pixels. A place on a pixel gives it exactly. */
function readBetween(
  image: Image,
  at: { readonly fill: number; readonly x: number; readonly y: number },
  out: Float64Array,
  to: number,
): void {
  const { height, width, channels, pixels } = image;
  const [left, top] = [Math.floor(at.x), Math.floor(at.y)];
  const [right, below] = [at.x - left, at.y - top];
  const value = (x: number, y: number, channel: number): number =>
    x >= 0 && x < width && y >= 0 && y < height ? pixels[(y * width + x) * channels + channel]! : at.fill;
  for (let channel = 0; channel < channels; channel++) {
    const upper = mixed(value(left, top, channel), value(left + 1, top, channel), right);
    const lower = mixed(value(left, top + 1, channel), value(left + 1, top + 1, channel), right);
    out[to + channel] = mixed(upper, lower, below);
  }
}

function mixed(from: number, to: number, part: number): number {
  return part === 0 ? from : from + (to - from) * part;
}
