// WebGPU where this runs: the page's, or in Node that of Dawn.
import { BackendError } from '@nn/core';
import type { Dawn } from '../vendor/webgpu.ts';

/** A GPU device, and in words what was changed to get it. */
export interface FoundGpu {
  readonly device: GPUDevice;
  readonly adapterInfo: GPUAdapterInfo;
  readonly notes: readonly string[];
}

/** What tfjs's programs and ours may need beyond the defaults, as far as the adapter goes. */
const raisedLimits = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/** @throws BackendError `backend.unavailable` that says what is missing */
export async function findGpu(): Promise<FoundGpu> {
  const notes: string[] = [];
  const gpu = here.navigator?.gpu ?? (await dawnGpu(notes));
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw unavailable('no adapter was found: there is no GPU, or no driver for it that WebGPU can use.');
  const device = await adapter.requestDevice({
    requiredLimits: Object.fromEntries(raisedLimits.map((limit) => [limit, adapter.limits[limit]])),
  });
  return { device, adapterInfo: adapter.info, notes };
}

/** What may be there: Node has a navigator from version 21 on, without a GPU, and browsers have no versions. */
const here: { readonly navigator?: { readonly gpu?: GPU }; readonly process?: { readonly versions?: { readonly node?: string } } } =
  globalThis;

/** TensorFlow.js looks for `navigator.gpu` and for the globals of a page, so those are set for the process. */
async function dawnGpu(notes: string[]): Promise<GPU> {
  if (here.process?.versions?.node === undefined) throw unavailable('this browser has no WebGPU (navigator.gpu).');
  const { create, globals } = await importDawn();
  const gpu = create([]);
  Object.assign(globalThis, globals);
  if (here.navigator === undefined) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true });
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  notes.push('WebGPU is that of the package webgpu (Dawn), which is set as navigator.gpu for the whole process');
  return gpu;
}

async function importDawn(): Promise<Dawn> {
  let module: unknown;
  try {
    module = await import('#webgpu');
  } catch (error) {
    throw unavailable('Node has no WebGPU of its own. npm install webgpu@0.6.2 brings Dawn, which is used when it is there.', error);
  }
  if (!isDawn(module)) throw unavailable('the package webgpu here is not Dawn. npm install webgpu@0.6.2');
  return module;
}

function isDawn(module: unknown): module is Dawn {
  return typeof (module as Partial<Dawn>).create === 'function';
}

function unavailable(what: string, cause?: unknown): BackendError {
  return new BackendError(`The device "webgpu" of TensorFlow.js is not available: ${what}`, 'backend.unavailable', { cause });
}
