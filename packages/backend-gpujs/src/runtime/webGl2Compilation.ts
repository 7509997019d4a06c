// gpu.js asks after every shader whether it compiled, and waits for the compiler each time. Here it hears at once that it did: compilers then
// work beside each other, and a shader that is wrong is found with the error of the first call that needs it.

/** The part of a context that compiles. */
export type CompilingContext = Pick<WebGL2RenderingContext, 'COMPILE_STATUS' | 'compileShader' | 'getShaderParameter' | 'getShaderInfoLog'>;

export class WebGl2Compilation {
  readonly #gl: CompilingContext;
  readonly #isCompiled: (shader: WebGLShader) => boolean;
  /** Shaders of which nobody knows yet, and those that failed. */
  #open: WebGLShader[] = [];

  /** Changes the context. */
  constructor(gl: CompilingContext) {
    this.#gl = gl;
    const compile = gl.compileShader.bind(gl);
    const ask = gl.getShaderParameter.bind(gl);
    this.#isCompiled = (shader) => ask(shader, gl.COMPILE_STATUS) === true;
    gl.compileShader = (shader) => {
      this.#open.push(shader);
      compile(shader);
    };
    gl.getShaderParameter = (shader, parameter: number) => (parameter === gl.COMPILE_STATUS ? true : ask(shader, parameter));
  }

  /** To be called when all shaders so far have been used without an error. */
  accept(): void {
    this.#open = [];
  }

  /** What the compiler says of shaders that failed; undefined when none did. Waits for the compiler. */
  failure(): string | undefined {
    this.#open = this.#open.filter((shader) => !this.#isCompiled(shader));
    const texts = this.#open.map((shader) => this.#gl.getShaderInfoLog(shader) ?? 'for no reason that it gives');
    return texts.length === 0 ? undefined : texts.join('\n');
  }
}
