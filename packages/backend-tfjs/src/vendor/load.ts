// Imports the packages of TensorFlow.js that a device needs, and leaves an application's own use of them as it was.
import { BackendError } from '@nn/core';
import type { DeviceName, VendorCore } from './contract.ts';

/** The version whose kernels this package knows. */
export const supportedVersion = '4.22.0';

// `imports` of package.json maps these names.
const packages: Readonly<Record<DeviceName, () => Promise<unknown>>> = {
  cpu: () => import('#tfjs-backend-cpu'),
  wasm: () => import('#tfjs-backend-wasm'),
  webgl: () => import('#tfjs-backend-webgl'),
  webgpu: () => import('#tfjs-backend-webgpu'),
};

/** Below that of every backend of TensorFlow.js. */
const lowestPriority = 0;

export interface LoadedVendor<Package> {
  readonly core: VendorCore;
  readonly device: Package;
}

/**
 * tfjs-core and the package of a device.
 * @param isPackage whether the module is what it should be
 * @throws BackendError `backend.unavailable` that says what to install
 */
export async function loadVendor<Package>(
  name: DeviceName,
  isPackage: (module: unknown) => module is Package,
): Promise<LoadedVendor<Package>> {
  const needed = `@tensorflow/tfjs-core@${supportedVersion} @tensorflow/tfjs-backend-${name}@${supportedVersion}`;
  const unavailable = (what: string, cause?: unknown): BackendError =>
    new BackendError(`The device "${name}" needs TensorFlow.js, and ${what}. npm install ${needed}`, 'backend.unavailable', { cause });
  try {
    const core: unknown = await import('#tfjs-core');
    if (!isCore(core)) throw unavailable('what is installed under its name is something else');
    if (core.version_core !== supportedVersion) throw unavailable(`its version here is ${core.version_core}`);
    const device = await withoutBecomingTheDefault(core, name, packages[name]);
    if (!isPackage(device)) throw unavailable('what is installed under its name is something else');
    return { core, device };
  } catch (error) {
    if (error instanceof BackendError) throw error;
    throw unavailable('could not be imported', error);
  }
}

function isCore(module: unknown): module is VendorCore {
  return typeof (module as Partial<VendorCore>).version_core === 'string';
}

/**
 * Importing a backend of TensorFlow.js registers it, and an application that has set none gets the one with the highest priority. A
 * backend that is here only because this package imported it comes last in that choice; `setBackend` finds it all the same.
 */
export async function withoutBecomingTheDefault(core: VendorCore, name: DeviceName, load: () => Promise<unknown>): Promise<unknown> {
  const wasThere = Boolean(core.findBackendFactory(name));
  const loaded = await load();
  const factory = core.findBackendFactory(name);
  if (!wasThere && factory && core.engine().registry[name] === undefined) {
    core.removeBackend(name);
    core.registerBackend(name, factory, lowestPriority);
  }
  return loaded;
}
