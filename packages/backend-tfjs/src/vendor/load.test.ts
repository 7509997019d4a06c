// Packages that are missing, of another version, or that would push themselves before an application's own choice.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DeviceName, VendorCore } from './contract.ts';
import { loadVendor, supportedVersion, withoutBecomingTheDefault } from './load.ts';

const anything = (module: unknown): module is object => typeof module === 'object';

afterEach(() => {
  vi.doUnmock('#tfjs-core');
  vi.doUnmock('#tfjs-backend-webgl');
});

describe('loadVendor', () => {
  it('says what to install when a package is missing', async () => {
    vi.doMock('#tfjs-backend-webgl', () => {
      throw new Error('not found');
    });
    const loading = loadVendor('webgl', anything);
    await expect(loading).rejects.toMatchObject({ code: 'backend.unavailable' });
    await expect(loading).rejects.toThrow('npm install @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-webgl@4.22.0');
  });

  it('refuses another version', async () => {
    vi.doMock('#tfjs-core', () => ({ version_core: '3.0.0' }));
    await expect(loadVendor('cpu', anything)).rejects.toThrow(
      `its version here is 3.0.0. npm install @tensorflow/tfjs-core@${supportedVersion}`,
    );
  });

  it('refuses what is something else', async () => {
    const nothing = (module: unknown): module is object => module === undefined;
    await expect(loadVendor('cpu', nothing)).rejects.toThrow('what is installed under its name is something else');
  });
});

describe('a backend of TensorFlow.js that is imported for ours', () => {
  /** A core that keeps priorities. */
  function registering(registered: Partial<Record<DeviceName, number>>) {
    const factory = () => Promise.reject(new Error('not made here'));
    const core = {
      engine: () => ({ registry: {}, backendName: undefined, pendingBackendInit: undefined }),
      findBackendFactory: (name: DeviceName) => (registered[name] === undefined ? undefined : factory),
      registerBackend: (name: DeviceName, _factory: unknown, priority = 1) => {
        registered[name] = priority;
        return true;
      },
      removeBackend: (name: DeviceName) => delete registered[name],
    };
    return core as object as VendorCore;
  }

  it('comes last where an application lets TensorFlow.js choose', async () => {
    const registered: Partial<Record<DeviceName, number>> = { webgl: 2 };
    const load = async () => void (registered.webgpu = 3);
    await withoutBecomingTheDefault(registering(registered), 'webgpu', load);
    expect(registered).toEqual({ webgl: 2, webgpu: 0 });
  });

  it('stays where it was when the application had imported it', async () => {
    const registered: Partial<Record<DeviceName, number>> = { webgl: 2, webgpu: 3 };
    await withoutBecomingTheDefault(registering(registered), 'webgpu', async () => {});
    expect(registered).toEqual({ webgl: 2, webgpu: 3 });
  });
});
