// The one list of backends: name, or name:variant, and how to load it. A backend is added here and nowhere else.
import type { Backend } from '@nn/core';

/** What the program that starts a backend may grant it. Backends that have no use for an option leave it alone. */
export interface BackendGrants {
  /** The backend may set flags of the engine that concern the whole process (default false). */
  readonly experimentalV8Flags?: boolean;
}

type Factory = (grants: BackendGrants) => Backend | Promise<Backend>;

/** How a backend is loaded. Loading is apart from making, so that a missing package is told from a device that refuses. */
export interface BackendEntry {
  /** The package to install. */
  readonly package: string;
  /** Imports the package and returns its factory. */
  load(): Promise<Factory>;
}

// The return types are written out, so that the declarations name no package that may not be installed.
const tfjs = (device: 'cpu' | 'wasm' | 'webgl' | 'webgpu'): BackendEntry => ({
  package: '@nn/backend-tfjs',
  load: async () => {
    const { tfjsBackend } = await import('@nn/backend-tfjs');
    return () => tfjsBackend({ device });
  },
});

const gpujs = (mode: 'webgpu' | 'webgl2' | 'webasm' | 'cpu'): BackendEntry => ({
  package: '@nn/backend-gpujs',
  load: async () => {
    const { gpujsBackend } = await import('@nn/backend-gpujs');
    return () => gpujsBackend({ mode });
  },
});

export const backendTable = {
  cpu: {
    package: '@nn/backend-cpu',
    load: async (): Promise<Factory> => (await import('@nn/backend-cpu')).cpuBackend,
  },
  reference: {
    package: '@nn/backend-reference',
    load: async (): Promise<Factory> => (await import('@nn/backend-reference')).referenceBackend,
  },
  'gpujs:cpu': gpujs('cpu'),
  'gpujs:webasm': gpujs('webasm'),
  'gpujs:webgl2': gpujs('webgl2'),
  'gpujs:webgpu': gpujs('webgpu'),
  'tfjs:cpu': tfjs('cpu'),
  'tfjs:wasm': tfjs('wasm'),
  'tfjs:webgl': tfjs('webgl'),
  'tfjs:webgpu': tfjs('webgpu'),
} as const satisfies Readonly<Record<string, BackendEntry>>;

/** Names that `backendNamed` takes. */
export type BackendName = keyof typeof backendTable;
