// Makes IDX files for tests.

/** An IDX file of the given type code and extents, with `body` as the bytes of its elements. */
export function idxFile(type: number, extents: readonly number[], body: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(4 + 4 * extents.length + body.length);
  file.set([0, 0, type, extents.length]);
  const view = new DataView(file.buffer);
  extents.forEach((extent, axis) => view.setUint32(4 + 4 * axis, extent));
  file.set(body, 4 + 4 * extents.length);
  return file;
}

export const unsignedByte = 0x08;
export const integer32 = 0x0c;
