// The backend of a mode, with what the scenarios of training ask of a device.
import type { OpenedBackend } from '@nn-tooling/training-scenarios';
import { openGpujs } from '../gpujsBackend.ts';
import type { GpujsMode } from '../modes.ts';

/** Objects of the device that were made and not given back, as they are made from now on in this place. */
interface Counter {
  readonly living: Set<unknown>;
  /** The WebGPU device that made the last one. */
  device?: GPUDevice;
}

const counters = new Map<GpujsMode, Counter>();

export async function openMode(mode: GpujsMode): Promise<OpenedBackend> {
  const counted = countObjects(mode);
  const { backend, gpu } = await openGpujs({ mode });
  return {
    backend,
    held: () => counted.living.size,
    takeAway() {
      counted.device?.destroy();
      gpu.context?.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}

/** Counts buffers or textures by watching the functions that make and destroy them. */
function countObjects(mode: GpujsMode): Counter {
  const known = counters.get(mode);
  if (known !== undefined) return known;
  const counted: Counter = { living: new Set() };
  counters.set(mode, counted);
  if (mode === 'webgpu') {
    watch(GPUDevice.prototype, 'createBuffer', (device: GPUDevice, _, buffer) => {
      counted.living.add(buffer);
      counted.device = device;
    });
    watch(GPUBuffer.prototype, 'destroy', (buffer) => counted.living.delete(buffer));
  }
  if (mode === 'webgl2') {
    watch(WebGL2RenderingContext.prototype, 'createTexture', (_context, _given, texture) => counted.living.add(texture));
    watch(WebGL2RenderingContext.prototype, 'deleteTexture', (_context, [texture]) => counted.living.delete(texture));
  }
  return counted;
}

function watch<Name extends string, Owner extends Record<Name, (...values: never[]) => unknown>>(
  owner: Owner,
  name: Name,
  seen: (self: Owner, values: readonly unknown[], result: unknown) => void,
): void {
  const original = owner[name];
  Object.defineProperty(owner, name, {
    configurable: true,
    writable: true,
    value(this: Owner, ...values: never[]) {
      const result = original.apply(this, values);
      seen(this, values, result);
      return result;
    },
  });
}
