// gpu.js builds a kernel in one go: it asks after every shader whether it compiled and after every program where its attributes are, and each
// time it waits for the compiler. Here it is answered at once: kernels compile beside each other and beside the page, and a shader that is
// wrong is found with the error of its kernel's first call.
import type { GpuKernelFunction } from '../gpu.ts';

/** The part of a context that builds kernels. */
export type BuildingContext = Pick<
  WebGL2RenderingContext,
  | 'COMPILE_STATUS'
  | 'LINK_STATUS'
  | 'bindAttribLocation'
  | 'getAttribLocation'
  | 'getProgramInfoLog'
  | 'getProgramParameter'
  | 'getShaderInfoLog'
  | 'getShaderParameter'
  | 'linkProgram'
  | 'useProgram'
>;

/** What the corners of a result have in gpu.js's shaders, by the place that each gets. */
const attributes: readonly string[] = ['aPos', 'aTexCoord'];

export class WebGl2Compilation {
  readonly #gl: BuildingContext;
  readonly #isCompiled: (shader: WebGLShader) => boolean;
  readonly #useProgram: (program: WebGLProgram | null) => void;
  /** Kernels that were called since the context was asked for errors. */
  readonly #called = new Set<GpuKernelFunction>();

  /** Changes the context. */
  constructor(gl: BuildingContext) {
    this.#gl = gl;
    this.#useProgram = gl.useProgram.bind(gl);
    const ask = gl.getShaderParameter.bind(gl);
    this.#isCompiled = (shader) => ask(shader, gl.COMPILE_STATUS) === true;
    gl.getShaderParameter = (shader, parameter: number) => (parameter === gl.COMPILE_STATUS ? true : ask(shader, parameter));
    const link = gl.linkProgram.bind(gl);
    gl.linkProgram = (program) => {
      for (const [place, name] of attributes.entries()) gl.bindAttribLocation(program, place, name);
      link(program);
    };
    gl.getAttribLocation = (_program, name) => attributes.indexOf(name);
  }

  /** Has gpu.js build a kernel without making it the current one, which waits until it is linked. Every call makes its kernel that. */
  build(build: () => void): void {
    this.#gl.useProgram = () => {};
    try {
      build();
    } finally {
      this.#gl.useProgram = this.#useProgram;
    }
  }

  /** To be told before every call. */
  expectCall(kernel: GpuKernelFunction): void {
    this.#called.add(kernel);
  }

  /** To be called when there was no error: so far all kernels work. */
  accept(): void {
    this.#called.clear();
  }

  /**
   * To be called when there was an error: what the compiler says of those among the called kernels that it refuses; undefined when there is
   * none. Waits for the compiler.
   */
  failure(): string | undefined {
    const refusals = [...this.#called].flatMap((kernel) => this.#refusalsOf(kernel));
    this.#called.clear();
    // Chromium's texts end with a zero.
    const texts = refusals.map((text) => text?.replaceAll('\0', '').trim() ?? 'for no reason that it gives');
    return texts.length === 0 ? undefined : texts.join('\n');
  }

  /** What the compiler says of its shaders or, when it takes each of them, of both together. */
  #refusalsOf({ kernel: { vertShader, fragShader, program } }: GpuKernelFunction): (string | null)[] {
    const gl = this.#gl;
    const refused = [vertShader, fragShader].filter(isThere).filter((shader) => !this.#isCompiled(shader));
    if (refused.length > 0) return refused.map((shader) => gl.getShaderInfoLog(shader));
    return isThere(program) && gl.getProgramParameter(program, gl.LINK_STATUS) !== true ? [gl.getProgramInfoLog(program)] : [];
  }
}

function isThere<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
