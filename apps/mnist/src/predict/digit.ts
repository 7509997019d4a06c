// Images in a terminal: two pixels in each character, one above the other.

/** Pixels from 0 (dark) to 1, row by row. */
export interface Picture {
  readonly height: number;
  readonly width: number;
  readonly pixels: ArrayLike<number>;
}

const reset = '\u001B[0m';
/** The 24 grays of the 256 colours of terminals. */
const darkestGray = 232;
const grays = 24;

/** Lines of text that show a picture: in grays, or as it is in black and white where colours are not allowed. */
export function drawPicture(picture: Picture, options: { readonly colours: boolean }): string {
  const cell = options.colours ? grayCell : plainCell;
  const lines: string[] = [];
  for (let row = 0; row < picture.height; row += 2) {
    const cells = Array.from({ length: picture.width }, (_, column) => cell(pixel(picture, row, column), pixel(picture, row + 1, column)));
    lines.push(options.colours ? cells.join('') + reset : cells.join('').trimEnd());
  }
  return lines.join('\n');
}

function pixel({ height, width, pixels }: Picture, row: number, column: number): number {
  return row < height ? Math.min(1, Math.max(0, pixels[row * width + column] ?? 0)) : 0;
}

function grayCell(upper: number, lower: number): string {
  return `\u001B[38;5;${grayOf(upper)};48;5;${grayOf(lower)}m▀`;
}

function grayOf(brightness: number): number {
  return darkestGray + Math.round(brightness * (grays - 1));
}

function plainCell(upper: number, lower: number): string {
  if (upper >= 0.5) return lower >= 0.5 ? '█' : '▀';
  return lower >= 0.5 ? '▄' : ' ';
}
