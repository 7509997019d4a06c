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

/** Reads the image at other places, one for each pixel of the result; what lies outside of it is `fill`. Bilinear. */
export function resampled(
  image: Image,
  fill: number,
  places: { readonly columns: Float64Array; readonly rows: Float64Array },
): Float64Array {
  const { height, width, channels, pixels } = image;
  const { columns, rows } = places;
  const out = new Float64Array(pixels.length);
  const below = width * channels;
  for (let index = 0; index < columns.length; index++) {
    const x = columns[index]!;
    const y = rows[index]!;
    const left = Math.floor(x);
    const top = Math.floor(y);
    const within = left >= 0 && left < width - 1 && top >= 0 && top < height - 1;
    for (let channel = 0; channel < channels; channel++) {
      const at = (top * width + left) * channels + channel;
      // Most places lie between four pixels of the image; those at its edge are asked for one by one.
      const upper = within
        ? mixed(pixels[at]!, pixels[at + channels]!, x - left)
        : mixed(pixelAt(image, fill, left, top, channel), pixelAt(image, fill, left + 1, top, channel), x - left);
      const lower = within
        ? mixed(pixels[at + below]!, pixels[at + below + channels]!, x - left)
        : mixed(pixelAt(image, fill, left, top + 1, channel), pixelAt(image, fill, left + 1, top + 1, channel), x - left);
      out[index * channels + channel] = mixed(upper, lower, y - top);
    }
  }
  return out;
}

/** The image after an affine map. */
export function placed(image: Image, fill: number, { a, b, c, d, e, f }: Affine): Float64Array {
  const { height, width } = image;
  const places = { columns: new Float64Array(height * width), rows: new Float64Array(height * width) };
  for (let y = 0, index = 0; y < height; y++) {
    for (let x = 0; x < width; x++, index++) {
      places.columns[index] = a * x + b * y + c;
      places.rows[index] = d * x + e * y + f;
    }
  }
  return resampled(image, fill, places);
}

function pixelAt({ height, width, channels, pixels }: Image, fill: number, x: number, y: number, channel: number): number {
  return x >= 0 && x < width && y >= 0 && y < height ? pixels[(y * width + x) * channels + channel]! : fill;
}

function mixed(from: number, to: number, part: number): number {
  return from + (to - from) * part;
}
