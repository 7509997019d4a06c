// Runs a bundle where its users run it: in a page.
import { basename, dirname } from 'node:path';
import { format } from 'node:util';
import type { Browser } from '@nn-tooling/test-env';
import { isolationHeaders, serveFolder } from '@nn-tooling/test-env';

/** A strict policy for content: no inline script, no `eval`; compiling WebAssembly and workers made of text are what a backend needs. */
const contentPolicy = { 'Content-Security-Policy': "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:" };

/** Headers of pages: of most, and of those that may share memory between threads. */
export const pageHeaders: readonly Readonly<Record<string, string>>[] = [contentPolicy, { ...contentPolicy, ...isolationHeaders }];

/** Keeps what a page prints. What has a text of its own is kept as that, so that it can be sent to Node. */
function keepPrinted(): void {
  const isPlain = (value: object) => Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  const hasText = (value: unknown): value is { toString(): string } => typeof value === 'object' && value !== null && !isPlain(value);
  const kept = (value: unknown) => (hasText(value) ? value.toString() : value);
  const printed: unknown[][] = [];
  console.log = (...values: unknown[]) => printed.push(values.map(kept));
  Object.assign(globalThis, { printed });
}

/** What the module at `path` prints with `console.log`, as Node would show it. @throws what the module throws */
export async function runInPage(browser: Browser, path: string, headers: Readonly<Record<string, string>>): Promise<string> {
  await using server = await serveFolder(dirname(path), headers);
  const page = await browser.newPage();
  const script = `./${basename(path)}`;
  const body = `<!doctype html><script type="module" src="${script}"></script>`;
  await page.route(server.url, (route) => route.fulfill({ contentType: 'text/html', headers, body }));
  await page.addInitScript(keepPrinted);
  await page.goto(server.url);
  // The module that the page has loaded, once it has run to its end.
  const printed = await page.evaluate<unknown[][]>(`import('${script}').then(() => printed)`);
  await page.close();
  return printed.map((values) => `${format(...values)}\n`).join('');
}
