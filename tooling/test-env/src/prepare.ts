// Downloads and unpacks what tests in a browser and on WebGPU need, before test files that run side by side all do so.
import { hasOwnChromium, ownChromium } from './chromium.ts';
import { installDawn } from './provideWebGpu.ts';

/** Vitest calls it once, before all tests. Where something cannot be had, the tests that ask for it say so. */
export async function setup(): Promise<void> {
  await Promise.allSettled([...(hasOwnChromium() ? [ownChromium()] : []), installDawn()]);
}
