// A small data set in the four files of MNIST, learnable in a moment: class c is a bright column c of a 4 × 5 image.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const width = 5;
export const classes = width;
const counts = { train: 60, t10k: 20 } as const;
const unsignedByte = 0x08;

/** Writes the files into a new folder. */
export async function writeImageSet(folder: string, { height = 4 } = {}): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [split, count] of Object.entries(counts)) {
    const labels = Uint8Array.from({ length: count }, (_, image) => image % classes);
    const pixels = Uint8Array.from({ length: count * height * width }, (_, index) => {
      const image = Math.floor(index / (height * width));
      const noise = (index * 37) % 60;
      return index % width === image % classes ? 255 - noise : noise;
    });
    await writeFile(join(folder, `${split}-images-idx3-ubyte`), idxFile([count, height, width], pixels));
    await writeFile(join(folder, `${split}-labels-idx1-ubyte`), idxFile([count], labels));
  }
  return folder;
}

function idxFile(extents: readonly number[], elements: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * extents.length));
  header.setUint8(2, unsignedByte);
  header.setUint8(3, extents.length);
  extents.forEach((extent, axis) => header.setUint32(4 + 4 * axis, extent));
  return Buffer.concat([Buffer.from(header.buffer), elements]);
}
