// gpu.js builds a kernel in one go: it asks after every shader whether it compiled and after every program where its attributes are, and each
// time it waits for the compiler. Here it is answered at once: kernels compile beside each other and beside the page, and a shader that is
// wrong is found with the error of its kernel's first call.
import type { GpuKernelFunction } from './gpu.ts';

/** The part of a context that builds kernels. */
export type BuildingContext = Pick<
  WebGL2RenderingContext,
  'COMPILE_STATUS' | 'bindAttribLocation' | 'getAttribLocation' | 'getShaderInfoLog' | 'getShaderParameter' | 'linkProgram' | 'useProgram'
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
   * To be called when there was an error: what the compiler says of those among the called kernels whose shaders failed; undefined when none
   * did. Waits for the compiler.
   */
  failure(): string | undefined {
    const shaders = [...this.#called].flatMap(({ kernel: { vertShader, fragShader } }) => [vertShader, fragShader].filter(isShader));
    this.#called.clear();
    const texts = shaders
      .filter((shader) => !this.#isCompiled(shader))
      // Chromium's texts end with a zero.
      .map((shader) => this.#gl.getShaderInfoLog(shader)?.replaceAll('\0', '').trim() ?? 'for no reason that it gives');
    return texts.length === 0 ? undefined : texts.join('\n');
  }
}

function isShader(value: WebGLShader | null | undefined): value is WebGLShader {
  return value !== null && value !== undefined;
}
