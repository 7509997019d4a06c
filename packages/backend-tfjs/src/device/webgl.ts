// The device "webgl", in browsers. It has a WebGL context of its own.
import { BackendError, sizeOf } from '@nn/core';
import type { TypedArray } from '@nn/core';
import type { ShaderCall } from '../shader/program.ts';
import { ShaderRuntime } from '../shader/shaderRuntime.ts';
import type { DataId, TensorInfo, VendorCore } from '../vendor/contract.ts';
import { loadVendor } from '../vendor/load.ts';
import type { TextureData, VendorWebGl, WebGlBackend } from '../vendor/webgl.ts';
import { Fences } from './fences.ts';
import type { RuntimeParts, Scope } from './runtime.ts';
import { WebGlPrograms } from './webglPrograms.ts';
import { download, upload } from './webglTransfer.ts';

class WebGlRuntime extends ShaderRuntime<WebGlBackend> {
  readonly #programs: WebGlPrograms;

  constructor(parts: RuntimeParts<WebGlBackend>, maxInputs: number) {
    super(parts, maxInputs);
    this.#programs = new WebGlPrograms(parts.backend.gpgpu);
  }

  protected dispatch(call: ShaderCall, length: number, inputs: readonly TensorInfo[]): TensorInfo {
    const { backend } = this;
    const output = backend.makeTensorInfo([length], call.dtype);
    const unpacked: DataId[] = [];
    const textureOf = ({ dataId, dtype }: TensorInfo): TextureData => {
      const data = onGpu(backend, dataId);
      if (data.isPacked !== true) return data;
      // A kernel of TensorFlow.js read it first, and wants four elements in a texel of what it brings to the GPU.
      const plain = backend.unpackTensor({ dataId, dtype, shape: data.shape });
      unpacked.push(plain.dataId);
      return onGpu(backend, plain.dataId);
    };
    this.#programs.run(call, textureOf(output), inputs.map(textureOf));
    for (const dataId of unpacked) backend.disposeData(dataId);
    return output;
  }

  /** Kernels of TensorFlow.js may leave four elements in a texel; everything here reads one, so that is undone once, not at each use. */
  protected override settled(info: TensorInfo, scope: Scope): DataId {
    const { isPacked, shape } = this.backend.texData.get(info.dataId);
    return isPacked === true ? scope.own(this.backend.unpackTensor({ ...info, shape })).dataId : info.dataId;
  }
}

/** Brings elements to the GPU, unless they are there. */
function onGpu(backend: WebGlBackend, dataId: DataId): TextureData {
  const data = backend.texData.get(dataId);
  const { values } = data;
  if (values && !data.texture && data.isPacked !== true) {
    data.values = null;
    data.usage = null;
    backend.uploadToGPU(dataId);
    upload(backend.gpgpu, data as TextureData, values);
  } else backend.uploadToGPU(dataId);
  return data as TextureData;
}

/** A copy of elements on the host. */
async function read(backend: WebGlBackend, { dataId, shape }: TensorInfo): Promise<TypedArray> {
  const data = backend.texData.get(dataId);
  const plain = data.texture && !data.values && data.isPacked !== true;
  return plain ? download(backend.gpgpu, data as TextureData, sizeOf(shape)) : backend.read(dataId);
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
      read: async (info) => {
        const { dataId } = info;
        backend.incRef(dataId);
        try {
          // Once the context is lost, nobody answers any more.
          return await Promise.race([read(backend, info), lost.then((reason) => Promise.reject(runtime.lostError(reason)))]);
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
