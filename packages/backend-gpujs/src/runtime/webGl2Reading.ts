// What is in textures, brought to the host while the page goes on.
import { nextTask } from '@nn/core';

/** Milliseconds that a page asks again at once; after that it asks between timers, and other work is not slowed down. */
const eager = 1;

/** Resolves when the device has done what it was asked for, or is lost. */
export async function deviceDone(gl: WebGL2RenderingContext): Promise<void> {
  const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  if (sync === null) return;
  gl.flush();
  const start = performance.now();
  while (gl.clientWaitSync(sync, 0, 0) === gl.TIMEOUT_EXPIRED) await (performance.now() - start < eager ? nextTask() : nextTimer());
  gl.deleteSync(sync);
}

function nextTimer(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Reads textures that have one float in each texel. */
export class WebGl2Reader {
  readonly #gl: WebGL2RenderingContext;
  #framebuffer: WebGLFramebuffer | undefined;
  /** How many floats the device gives for a texel: every device can give four, most can give the one. */
  #perTexel: 1 | 4 | undefined;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
  }

  /** The first elements of a texture, in a new array. */
  async read(texture: WebGLTexture, [width, height]: readonly [number, number], length: number): Promise<Float32Array<ArrayBuffer>> {
    const gl = this.#gl;
    this.#framebuffer ??= gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#framebuffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    this.#perTexel ??= gl.getParameter(gl.IMPLEMENTATION_COLOR_READ_FORMAT) === gl.RED ? 1 : 4;
    const perTexel = this.#perTexel;
    const floats = new Float32Array(width * height * perTexel);
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, floats.byteLength, gl.STREAM_READ);
    gl.readPixels(0, 0, width, height, perTexel === 1 ? gl.RED : gl.RGBA, gl.FLOAT, 0);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, null, 0);
    await deviceDone(gl);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, floats);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    gl.deleteBuffer(buffer);
    return perTexel === 1 ? floats.subarray(0, length) : Float32Array.from({ length }, (_, index) => floats[index * perTexel]!);
  }
}
