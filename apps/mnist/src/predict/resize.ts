// Pictures at another size.
import type { Picture } from './digit.ts';

/** The part of a picture that starts at `top`, `left`. */
export function crop(
  picture: Picture,
  part: { readonly top: number; readonly left: number; readonly height: number; readonly width: number },
): Picture {
  const { top, left, height, width } = part;
  const pixels = Float64Array.from(
    { length: height * width },
    (_, index) => picture.pixels[(top + Math.floor(index / width)) * picture.width + left + (index % width)]!,
  );
  return { height, width, pixels };
}

/** A picture of another size in which every pixel is the mean of the area it covers in the old one. */
export function resize(picture: Picture, height: number, width: number): Picture {
  const columns = covering(picture.width, width);
  const rows = covering(picture.height, height);
  const narrowed = new Float64Array(picture.height * width);
  for (let row = 0; row < picture.height; row++) {
    columns.forEach((shares, column) => {
      for (const { at, share } of shares) narrowed[row * width + column]! += share * picture.pixels[row * picture.width + at]!;
    });
  }
  const pixels = new Float64Array(height * width);
  rows.forEach((shares, row) => {
    for (const { at, share } of shares) {
      for (let column = 0; column < width; column++) pixels[row * width + column]! += share * narrowed[at * width + column]!;
    }
  });
  return { height, width, pixels };
}

interface Share {
  readonly at: number;
  readonly share: number;
}

/** For each of `to` equal parts of an axis of `from` pixels, the pixels it covers and their shares of it. */
function covering(from: number, to: number): readonly (readonly Share[])[] {
  const step = from / to;
  return Array.from({ length: to }, (_, part) => {
    const [begin, end] = [part * step, Math.min(from, (part + 1) * step)];
    const shares: Share[] = [];
    for (let at = Math.floor(begin); at < Math.min(from, Math.ceil(end)); at++) {
      const covered = Math.min(end, at + 1) - Math.max(begin, at);
      if (covered > 0) shares.push({ at, share: covered / (end - begin) });
    }
    return shares;
  });
}
