// PNG files as gray pictures.
import { FormatError } from '@nn/kit';
import { PNG } from 'pngjs';
import type { Picture } from './digit.ts';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Where the header of every PNG file ends that says its size. */
const headerBytes = 24;
const mostPixels = 2 ** 25;

/**
 * The brightness of a PNG of any colour type, 0 to 1. Transparent parts show a ground that the drawing stands out from: white, or black
 * below a light drawing.
 *
 * @param name of the file, for messages
 * @throws FormatError for bytes that are no PNG file, a damaged one, or one of more than 33 million pixels
 */
export function readPng(bytes: Uint8Array, name: string): Picture {
  checkHeader(bytes, name);
  const { width, height, data } = decode(bytes, name);
  const pixels = new Float64Array(width * height);
  let [covered, brightness] = [0, 0];
  for (let index = 0; index < pixels.length; index++) {
    const coverage = data[4 * index + 3]!;
    pixels[index] = luma(data[4 * index]!, data[4 * index + 1]!, data[4 * index + 2]!);
    covered += coverage;
    brightness += coverage * pixels[index]!;
  }
  const ground = brightness < covered / 2 ? 1 : 0;
  for (let index = 0; index < pixels.length; index++) {
    const coverage = data[4 * index + 3]! / 255;
    pixels[index] = coverage * pixels[index]! + (1 - coverage) * ground;
  }
  return { width, height, pixels };
}

/** Brightness as eyes see it (ITU-R BT.601), of channels from 0 to 255. */
function luma(red: number, green: number, blue: number): number {
  // Whole weights, so that a gray stays the gray it is.
  return (299 * red + 587 * green + 114 * blue) / 1000 / 255;
}

function checkHeader(bytes: Uint8Array, name: string): void {
  if (!signature.every((byte, index) => bytes[index] === byte)) {
    throw new FormatError(`${name} is no PNG file. Save the image as PNG and try again.`);
  }
  if (bytes.length < headerBytes) throw new FormatError(`${name} ends within the header of the PNG file.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  // Before anything is allocated: a file of a few bytes can announce an image of any size.
  if (width * height > mostPixels) throw new FormatError(`${name} announces ${width} × ${height} pixels; at most ${mostPixels} are read.`);
  if (width * height === 0) throw new FormatError(`${name} has no pixels (${width} × ${height}).`);
}

function decode(bytes: Uint8Array, name: string): { readonly width: number; readonly height: number; readonly data: Uint8Array } {
  try {
    return PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError(`${name} is a damaged PNG file: ${reason}.`, 'format.invalid', { cause: error });
  }
}
