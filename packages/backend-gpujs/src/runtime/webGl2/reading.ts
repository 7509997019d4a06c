// What is in textures, brought to the host while the page goes on.
import { nextTask } from '@nn/core';
import { place } from '../../vendor/place.ts';

/** Milliseconds for which a page asks again in its next task. After that it asks once a millisecond, and other work is not slowed down. */
const eager = 1;
/** The same where a page cannot wait for a millisecond: its timers take 4, which is about as long as small programs do. */
const eagerWithTimers = 8;

/** Waits for the device. */
export class WebGl2Fence {
  readonly #gl: WebGL2RenderingContext;
  readonly #expectDone: () => void;
  #next: Promise<void> | undefined;

  /** @param expectDone throws when the device could not do what it was asked for */
  constructor(gl: WebGL2RenderingContext, expectDone: () => void) {
    this.#gl = gl;
    this.#expectDone = expectDone;
  }

  /**
   * Resolves when the device has done what it was asked for. All that ask in one task wait together: runs that start in it, and who reads
   * their results. @throws what `expectDone` throws
   */
  passed(): Promise<void> {
    this.#next ??= nextTask().then(() => {
      this.#next = undefined;
      return this.#pass();
    });
    return this.#next;
  }

  async #pass(): Promise<void> {
    const gl = this.#gl;
    const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    if (sync !== null) {
      gl.flush();
      const start = performance.now();
      while (gl.clientWaitSync(sync, 0, 0) === gl.TIMEOUT_EXPIRED) await turn(performance.now() - start);
      gl.deleteSync(sync);
    }
    this.#expectDone();
  }
}

/** Lets the page have its turn. @param waited for how many milliseconds somebody has been waiting */
async function turn(waited: number): Promise<void> {
  const { scheduler } = place;
  // A page may have a variable of its own by that name.
  if (typeof scheduler?.postTask === 'function') await scheduler.postTask(() => {}, { delay: waited < eager ? 0 : 1 });
  else if (waited < eagerWithTimers) await nextTask();
  else await new Promise((resolve) => setTimeout(resolve));
}

/** Reads textures that have one float in each texel. */
export class WebGl2Reader {
  readonly #gl: WebGL2RenderingContext;
  readonly #fence: WebGl2Fence;
  #framebuffer: WebGLFramebuffer | undefined;
  /** How many floats the device gives for a texel: every device can give four, most can give the one. */
  #perTexel: 1 | 4 | undefined;

  constructor(gl: WebGL2RenderingContext, fence: WebGl2Fence) {
    this.#gl = gl;
    this.#fence = fence;
  }

  /** The first elements of a texture, in a new array. @throws when the device could not do what it was asked for before */
  async read(texture: WebGLTexture, [width, height]: readonly [number, number], length: number): Promise<Float32Array<ArrayBuffer>> {
    const gl = this.#gl;
    this.#framebuffer ??= gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#framebuffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    this.#perTexel ??= givesSingleFloats(gl) ? 1 : 4;
    const perTexel = this.#perTexel;
    const floats = new Float32Array(width * height * perTexel);
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, floats.byteLength, gl.STREAM_READ);
    gl.readPixels(0, 0, width, height, perTexel === 1 ? gl.RED : gl.RGBA, gl.FLOAT, 0);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, null, 0);
    try {
      await this.#fence.passed();
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
      gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, floats);
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    } finally {
      gl.deleteBuffer(buffer);
    }
    return perTexel === 1 ? floats.subarray(0, length) : Float32Array.from({ length }, (_, index) => floats[index * perTexel]!);
  }
}

/** Whether the device gives the floats of the framebuffer's texture without three others for each. */
function givesSingleFloats(gl: WebGL2RenderingContext): boolean {
  const format: unknown = gl.getParameter(gl.IMPLEMENTATION_COLOR_READ_FORMAT);
  return format === gl.RED && gl.getParameter(gl.IMPLEMENTATION_COLOR_READ_TYPE) === gl.FLOAT;
}
