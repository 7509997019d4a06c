// Waiting for a GPU that WebGL drives: fences between its commands, asked once a millisecond. TensorFlow.js asks with timers that start each
// other, which browsers make wait for four.
import { nextTask } from '@nn/core';

interface Fence {
  readonly sync: WebGLSync;
  readonly passed: () => void;
}

export class Fences {
  readonly #gl: WebGL2RenderingContext;
  /** In the order in which the GPU passes them. */
  readonly #ahead: Fence[] = [];

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
  }

  /** Resolves when the GPU has done what was asked so far, and never when the context is lost. */
  wait(): Promise<void> {
    const gl = this.#gl;
    const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    return new Promise((passed) => {
      if (sync !== null && this.#ahead.push({ sync, passed }) === 1) void this.#ask();
    });
  }

  async #ask(): Promise<void> {
    const gl = this.#gl;
    while (this.#ahead.length > 0) {
      const { sync, passed } = this.#ahead[0]!;
      const status = gl.clientWaitSync(sync, 0, 0);
      if (status === gl.WAIT_FAILED) return;
      if (status === gl.TIMEOUT_EXPIRED) {
        await millisecond();
        continue;
      }
      gl.deleteSync(sync);
      this.#ahead.shift();
      passed();
    }
  }
}

/** After the task of a message, a timer waits no longer than it is told to. */
async function millisecond(): Promise<void> {
  await nextTask();
  await new Promise((resolve) => setTimeout(resolve, 1));
}
