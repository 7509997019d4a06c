// Elements to and from textures with one of them in a texel. TensorFlow.js goes through other textures, by programs of its own that it
// compiles for every length.
import type { TypedArray } from '@nn/core';
import type { GpgpuContext, TextureData } from '../vendor/webgl.ts';

/** Puts elements into a texture that has room for them. */
export function upload({ gl }: GpgpuContext, { texture, texShape: [rows, columns] }: TextureData, values: TypedArray): void {
  const texels = new Float32Array(rows * columns);
  texels.set(values);
  gl.bindTexture(gl.TEXTURE_2D, texture.texture);
  gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, columns, rows, gl.RED, gl.FLOAT, texels);
  gl.bindTexture(gl.TEXTURE_2D, null);
}

/** The first `length` elements of a texture, as they are when this is called. */
export async function download(context: GpgpuContext, { texture, texShape }: TextureData, length: number): Promise<Float32Array> {
  const { gl } = context;
  const [rows, columns] = texShape;
  context.setOutputMatrixTexture(texture.texture, rows, columns);
  // Every device gives all channels of a texel; most can leave out those that are not there.
  const single = gl.getParameter(gl.IMPLEMENTATION_COLOR_READ_FORMAT) === gl.RED;
  const channels = single ? 1 : 4;
  const buffer = gl.createBuffer();
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
  gl.bufferData(gl.PIXEL_PACK_BUFFER, rows * columns * channels * Float32Array.BYTES_PER_ELEMENT, gl.STREAM_READ);
  gl.readPixels(0, 0, columns, rows, single ? gl.RED : gl.RGBA, gl.FLOAT, 0);
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
  const texels = new Float32Array(length * channels);
  try {
    await context.createAndWaitForFence();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, texels);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
  } finally {
    gl.deleteBuffer(buffer);
  }
  return single ? texels : texels.filter((_, index) => index % channels === 0);
}
