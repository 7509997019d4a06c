// A browser for tests: the pinned Chromium where it exists, an installed Chrome elsewhere.
import type { Browser, LaunchOptions } from 'playwright-core';
import { chromium } from 'playwright-core';
import { hasOwnChromium, ownChromium } from './chromium.ts';

/** WebGL and WebGPU in software, the same on every machine. */
const flags = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-background-networking',
];

/** Names under which Playwright looks for browsers in the usual places. */
const installed = ['chrome', 'chromium', 'msedge'] as const;

/**
 * Starts it without a window: the one that `CHROME_PATH` names, the Chromium of this package, or an installed Chrome.
 * @returns undefined on a machine that has none of them; {@link noBrowser} says so
 * @throws when one is there and does not start
 */
export async function openBrowser(): Promise<Browser | undefined> {
  const { CHROME_PATH } = process.env;
  if (CHROME_PATH !== undefined && CHROME_PATH !== '') return launch({ executablePath: CHROME_PATH });
  if (hasOwnChromium()) return launch(await ownChromium());
  for (const channel of installed) {
    const browser = await launch({ channel }).catch(() => undefined);
    if (browser !== undefined) return browser;
  }
  return undefined;
}

/** What to say where {@link openBrowser} finds none. */
export const noBrowser =
  'NOT RUN in a browser: there is no Chromium for this platform in the registry, and no Chrome is installed. Set CHROME_PATH to one.';

const launch = (options: LaunchOptions): Promise<Browser> => chromium.launch({ ...options, args: flags });
