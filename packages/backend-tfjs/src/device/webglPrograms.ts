// Programs of our own on the device "webgl", run in the context and on the textures of TensorFlow.js. It would compile each of them again for
// every way in which textures of inputs and output are shaped alike, with functions for all ways to read them.
import { helpersFor } from '../shader/functions.ts';
import { asFloat, glsl, inputName, integerName, readerName, realName } from '../shader/glsl.ts';
import type { ShaderCall, ShaderProgram } from '../shader/program.ts';
import type { GpgpuContext, LinkedProgram, TextureData } from '../vendor/webgl.ts';

interface Compiled {
  readonly program: LinkedProgram;
  /** Where numbers and textures go; null for what the compiler found to be unused. */
  readonly locations: Readonly<Record<'width' | 'nan', WebGLUniformLocation | null>>;
  readonly inputs: readonly { readonly texture: WebGLUniformLocation | null; readonly width: WebGLUniformLocation | null }[];
  readonly integers: readonly (WebGLUniformLocation | null)[];
  readonly reals: readonly (WebGLUniformLocation | null)[];
}

/** Each program is compiled once. */
export class WebGlPrograms {
  readonly #context: GpgpuContext;
  readonly #compiled = new Map<string, Compiled>();

  constructor(context: GpgpuContext) {
    this.#context = context;
  }

  /** Computes every element of `output`. */
  run({ program, integers, reals = [] }: ShaderCall, output: TextureData, inputs: readonly TextureData[]): void {
    const context = this.#context;
    const { gl } = context;
    let compiled = this.#compiled.get(program.key);
    if (compiled === undefined) this.#compiled.set(program.key, (compiled = this.#compile(program)));
    const [rows, columns] = output.texShape;
    context.setOutputMatrixTexture(output.texture.texture, rows, columns);
    context.setProgram(compiled.program);
    context.bindVertexArray(compiled.program.vao);
    gl.uniform1i(compiled.locations.width, columns);
    gl.uniform1f(compiled.locations.nan, Number.NaN);
    integers.forEach((value, index) => gl.uniform1i(compiled.integers[index]!, value));
    reals.forEach((value, index) => gl.uniform1f(compiled.reals[index]!, value));
    inputs.forEach(({ texture, texShape }, unit) => {
      const location = compiled.inputs[unit]!;
      gl.uniform1i(location.width, texShape[1]);
      if (location.texture !== null) context.setInputMatrixTexture(texture.texture, location.texture, unit);
    });
    context.executeProgram();
  }

  #compile(program: ShaderProgram): Compiled {
    const { gl } = this.#context;
    const shader = gl.createShader(gl.FRAGMENT_SHADER)!;
    gl.shaderSource(shader, shaderOf(program));
    // Linking says whether it went well, so that the GPU is waited for once.
    gl.compileShader(shader);
    const linked = this.#context.createProgram(shader);
    gl.deleteShader(shader);
    this.#context.buildVao(linked);
    const location = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(linked, name);
    return {
      program: linked,
      locations: { width: location('width'), nan: location('NAN') },
      inputs: program.inputs.map((_, input) => ({ texture: location(inputName(input)), width: location(widthName(input)) })),
      integers: namesOf(program.integers, integerName).map(location),
      reals: namesOf(program.reals, realName).map(location),
    };
  }
}

const widthName = (input: number): string => `widthOf${inputName(input)}`;

const namesOf = (count = 0, name: (index: number) => string): string[] => Array.from({ length: count }, (_, index) => name(index));

/** Arrays lie row by row in textures, and each fragment is one element. */
function shaderOf(program: ShaderProgram): string {
  const { statements, value } = program.code(glsl);
  const main = `void main() {
    int index = int(gl_FragCoord.y) * width + int(gl_FragCoord.x);
    ${statements}
    result = vec4(${asFloat[program.output](value)}, 0.0, 0.0, 0.0);
  }`;
  return [
    '#version 300 es',
    'precision highp float;',
    'precision highp int;',
    'precision highp sampler2D;',
    'uniform int width;',
    'uniform float NAN;',
    ...namesOf(program.integers, integerName).map((name) => `uniform int ${name};`),
    ...namesOf(program.reals, realName).map((name) => `uniform float ${name};`),
    ...program.inputs.map((_, input) => readerCode(inputName(input), widthName(input), readerName(input))),
    'out vec4 result;',
    helpersFor(glsl, main),
    main,
  ].join('\n');
}

function readerCode(texture: string, width: string, reader: string): string {
  return `uniform sampler2D ${texture};
uniform int ${width};
float ${reader}(int index) {
  int row = index / ${width};
  return texelFetch(${texture}, ivec2(index - row * ${width}, row), 0).r;
}`;
}
