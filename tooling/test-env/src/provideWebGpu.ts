// WebGPU in Node, for tests: Dawn, which Chromium has its WebGPU from, on a driver in software.
import { constants } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Apart } from './apart.ts';
import { folderOf } from './apart.ts';
import { hasOwnChromium, softwareVulkan } from './chromium.ts';
import { pausePolling } from './patientPolling.ts';

const dawn: Apart = {
  folder: 'dawn',
  package: 'webgpu',
  announcement: 'downloading Dawn, 51 MB, for the tests on WebGPU in Node (once)',
};

/**
 * The folder that Dawn is installed in, which is done unless it has been.
 * @throws when the registry cannot be reached
 */
export const installDawn = (): Promise<string> => folderOf(dawn);

/** What `webgpu` exports. */
interface Dawn {
  create(options: readonly string[]): { requestAdapter(): Promise<unknown> };
  /** Constructors and constants that pages have as globals. */
  readonly globals: Record<string, unknown>;
}

let provided: Promise<boolean> | undefined;

/**
 * Gives this process `navigator.gpu` and the globals beside it, as a page has them: Dawn on the software renderer of {@link ownChromium}
 * where that exists, on the GPU of the machine elsewhere. A second call does nothing.
 * @returns false where no adapter is found; {@link noWebGpu} says so
 * @throws when the registry cannot be reached
 */
export function provideWebGpu(): Promise<boolean> {
  provided ??= provide();
  return provided;
}

/** What to say where {@link provideWebGpu} finds no adapter. */
export const noWebGpu = 'NOT RUN on WebGPU in Node: Dawn finds no adapter on this platform.';

async function provide(): Promise<boolean> {
  if (hasOwnChromium()) {
    await loadSoftwareVulkan();
    pausePolling();
  }
  const entry = join(await installDawn(), 'node_modules/webgpu/index.js');
  const { create, globals } = (await import(pathToFileURL(entry).href)) as Dawn;
  Object.assign(globalThis, globals);
  const gpu = create([]);
  // Node has a navigator from version 21 on, and its properties can only be defined.
  if (globalThis.navigator === undefined) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true });
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  return (await gpu.requestAdapter()) !== null;
}

/** Dawn asks the system for a Vulkan loader, which finds the one this process has loaded already. */
async function loadSoftwareVulkan(): Promise<void> {
  const { loader, driver } = await softwareVulkan();
  process.env['VK_ICD_FILENAMES'] ??= driver;
  const keepLoaded = 0x1000; // RTLD_NODELETE
  try {
    process.dlopen({ exports: {} }, loader, constants.dlopen.RTLD_NOW | keepLoaded);
  } catch {
    // It is no module of Node's, which is always said, and it stays loaded.
  }
}
