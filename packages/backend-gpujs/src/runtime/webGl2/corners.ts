// gpu.js draws each result as a rectangle. All kernels of a context take its corners from the buffer of the one that was built last: when
// that one is destroyed, the others draw nothing, and the textures that they return hold what the memory held before.

/** As gpu.js has them: the corners of the result, then the same as coordinates of a texture. */
const corners = Float32Array.of(-1, -1, 1, -1, -1, 1, 1, 1, 0, 0, 1, 0, 0, 1, 1, 1);
const perCorner = 2;

/** Corners that are no kernel's. */
export class WebGl2Corners {
  readonly #gl: WebGL2RenderingContext;
  #buffer: WebGLBuffer | undefined;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
  }

  /** From now on kernels draw from these, until another one is built. To be called before one is destroyed. */
  use(): void {
    const gl = this.#gl;
    if (this.#buffer === undefined) {
      this.#buffer = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
      gl.bufferData(gl.ARRAY_BUFFER, corners, gl.STATIC_DRAW);
    }
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    const attributes = Number(gl.getParameter(gl.MAX_VERTEX_ATTRIBS));
    for (let attribute = 0; attribute < attributes; attribute++) {
      if (gl.getVertexAttrib(attribute, gl.VERTEX_ATTRIB_ARRAY_ENABLED) !== true) continue;
      const start = gl.getVertexAttribOffset(attribute, gl.VERTEX_ATTRIB_ARRAY_POINTER);
      gl.vertexAttribPointer(attribute, perCorner, gl.FLOAT, false, 0, start);
    }
  }
}
