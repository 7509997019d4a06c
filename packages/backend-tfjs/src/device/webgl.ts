// The device "webgl", in browsers. It has a WebGL context of its own.
import { BackendError } from '@nn/core';
import { helpersFor } from '../shader/functions.ts';
import { asFloat, glsl, inputName, integerName, realName } from '../shader/glsl.ts';
import type { ShaderCall, ShaderProgram } from '../shader/program.ts';
import { ShaderRuntime } from '../shader/shaderRuntime.ts';
import type { DataId, TensorInfo, VendorCore } from '../vendor/contract.ts';
import { loadVendor } from '../vendor/load.ts';
import type { VendorWebGl, WebGlBackend, WebGlProgram } from '../vendor/webgl.ts';
import { Fences } from './fences.ts';
import type { Scope } from './runtime.ts';

class WebGlRuntime extends ShaderRuntime<WebGlBackend> {
  readonly #programs = new WeakMap<ShaderCall, WebGlProgram>();

  protected dispatch(call: ShaderCall, length: number, inputs: readonly TensorInfo[]): TensorInfo {
    let program = this.#programs.get(call);
    if (program === undefined) this.#programs.set(call, (program = vendorProgram(call.program, length)));
    const uniforms = [...call.integers, ...(call.reals ?? [])].map((value) => [value]);
    return this.backend.runWebGLProgram(program, inputs, call.dtype, uniforms);
  }

  /** Kernels of TensorFlow.js may leave four elements in a texel; everything here reads one, so that is undone once, not at each use. */
  protected override settled(info: TensorInfo, scope: Scope): DataId {
    const { isPacked, shape } = this.backend.texData.get(info.dataId);
    return isPacked === true ? scope.own(this.backend.unpackTensor({ ...info, shape })).dataId : info.dataId;
  }
}

/** A program as TensorFlow.js runs it: all arrays flat, one fragment per element. */
function vendorProgram(program: ShaderProgram, length: number): WebGlProgram {
  const { statements, value } = program.code(glsl);
  const main = `void main() { int index = getOutputCoords(); ${statements}\nsetOutput(${asFloat[program.output](value)}); }`;
  return {
    variableNames: program.inputs.map((_, input) => inputName(input)),
    outputShape: [length],
    userCode: `${helpersFor(glsl, main)}\n${main}`,
    customUniforms: [
      ...Array.from({ length: program.integers }, (_, index) => ({ name: integerName(index), type: 'int' as const })),
      ...Array.from({ length: program.reals ?? 0 }, (_, index) => ({ name: realName(index), type: 'float' as const })),
    ],
    enableShapeUniforms: true,
    packedInputs: false,
    packedOutput: false,
  };
}

const isWebGl = (module: unknown): module is VendorWebGl => typeof (module as Partial<VendorWebGl>).MathBackendWebGL === 'function';

export interface WebGlDevice {
  readonly runtime: ShaderRuntime;
  /** Resolves when the device has done everything asked so far. */
  readonly finish: () => Promise<void>;
}

/** @throws BackendError `backend.unavailable` */
export async function webglDevice(): Promise<WebGlDevice> {
  const gl = createContext();
  const { core, device: vendor } = await loadVendor('webgl', isWebGl);
  const backend = withOwnContext(core, vendor, gl);
  const lost = lossOf(gl);
  const runtime: WebGlRuntime = new WebGlRuntime(
    {
      name: 'webgl',
      core,
      backend,
      read: async ({ dataId }) => {
        backend.incRef(dataId);
        try {
          // Once the context is lost, nobody answers any more.
          return await Promise.race([backend.read(dataId), lost.then((reason) => Promise.reject(runtime.lostError(reason)))]);
        } finally {
          backend.disposeData(dataId);
        }
      },
      lost: () => (gl.isContextLost() ? contextLost : undefined),
      release: () => {
        backend.dispose();
        gl.getExtension('WEBGL_lose_context')?.loseContext();
      },
    },
    gl.getParameter(gl.MAX_TEXTURE_IMAGE_UNITS) as number,
  );
  const finish = async (): Promise<void> => {
    await Promise.race([backend.gpgpu.createAndWaitForFence(), lost]);
    runtime.expectPresent();
  };
  return { runtime, finish };
}

const contextLost = 'its WebGL context is gone.';

function lossOf(gl: WebGL2RenderingContext): Promise<string> {
  return new Promise((resolve) => {
    gl.canvas.addEventListener('webglcontextlost', () => resolve(contextLost), { once: true });
  });
}

/** Without a picture: nothing that is drawn is shown. */
const attributes: WebGLContextAttributes = {
  alpha: false,
  antialias: false,
  premultipliedAlpha: false,
  preserveDrawingBuffer: false,
  depth: false,
  stencil: false,
};

function createContext(): WebGL2RenderingContext {
  const canvas = canvasHere();
  const gl = canvas?.getContext('webgl2', attributes);
  if (gl === null || gl === undefined) {
    const what =
      canvas === undefined
        ? 'WebGL exists in browsers only. In Node, the device "webgpu" uses a GPU.'
        : 'this browser has no WebGL 2 here.';
    throw new BackendError(`The device "webgl" of TensorFlow.js is not available: ${what}`, 'backend.unavailable');
  }
  // What TensorFlow.js sets for the contexts that it makes.
  for (const feature of [gl.DEPTH_TEST, gl.STENCIL_TEST, gl.BLEND, gl.DITHER, gl.POLYGON_OFFSET_FILL, gl.SAMPLE_COVERAGE])
    gl.disable(feature);
  gl.enable(gl.SCISSOR_TEST);
  gl.enable(gl.CULL_FACE);
  gl.cullFace(gl.BACK);
  return gl;
}

function canvasHere(): OffscreenCanvas | HTMLCanvasElement | undefined {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(1, 1);
  return typeof document === 'undefined' ? undefined : document.createElement('canvas');
}

/** A backend on a context of its own. TensorFlow.js takes the newest one as everybody's, which is undone. */
function withOwnContext(core: VendorCore, vendor: VendorWebGl, gl: WebGL2RenderingContext): WebGlBackend {
  const theirs = core.engine().registry['webgl'] as WebGlBackend | undefined;
  try {
    const context = new vendor.GPGPUContext(gl);
    const fences = new Fences(gl);
    context.createAndWaitForFence = () => fences.wait();
    return new vendor.MathBackendWebGL(context);
  } finally {
    vendor.setWebGLContext(2, theirs?.gpgpu.gl ?? null);
  }
}
