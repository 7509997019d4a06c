// WebGPU in Node: gpu.js looks for `navigator.gpu`, as pages have it.
import { place } from './place.ts';

/** What the package `webgpu` exports. */
interface Dawn {
  create(options: readonly string[]): GPU;
  /** Constructors and constants that pages have as globals. */
  readonly globals: object;
}

/**
 * Sees to it that there is a `navigator.gpu`: that of the package `webgpu` (Dawn) where the place has none and the package is installed.
 * @returns in words what was changed for that, if anything
 * @throws what importing the package throws
 */
export async function provideWebGpu(): Promise<string | undefined> {
  if (place.navigator?.gpu !== undefined || place.process?.versions?.node === undefined) return undefined;
  const dawn: unknown = await import('#webgpu');
  if (!isDawn(dawn)) return undefined;
  const { create, globals } = dawn;
  Object.assign(globalThis, globals);
  // Node has a navigator from version 21 on.
  if (place.navigator === undefined) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true });
  Object.defineProperty(globalThis.navigator, 'gpu', { value: create([]), configurable: true });
  return 'WebGPU is that of the package webgpu (Dawn), which is set as navigator.gpu for the whole process';
}

function isDawn(module: unknown): module is Dawn {
  return typeof (module as Partial<Dawn>).create === 'function';
}
