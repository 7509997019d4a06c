// Runs a bundle where its users run it: in a page.
import { basename, dirname } from 'node:path';
import { format } from 'node:util';
import type { Browser } from '@nn-tooling/test-env';
import { isolationHeaders, serveFolder } from '@nn-tooling/test-env';

/** A page that imports a bundle and keeps what it prints. What has a text of its own is kept as that, so that it can be sent to Node. */
const pageWith = (bundle: string): string => `<!doctype html>
<script type="module">
  const printed = [];
  const isPlain = (value) => Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  const kept = (value) => (typeof value !== 'object' || value === null || isPlain(value) ? value : String(value));
  console.log = (...values) => printed.push(values.map(kept));
  globalThis.finished = import('./${bundle}').then(() => printed);
</script>`;

/** Headers of pages: of most, and of those that may share memory between threads. */
export const pageHeaders: readonly Readonly<Record<string, string>>[] = [{}, isolationHeaders];

/** What the bundle at `path` prints with `console.log`, as Node would show it. @throws what the bundle throws */
export async function runInPage(browser: Browser, path: string, headers: Readonly<Record<string, string>>): Promise<string> {
  await using server = await serveFolder(dirname(path), headers);
  const page = await browser.newPage();
  const body = pageWith(basename(path));
  await page.route(server.url, (route) => route.fulfill({ contentType: 'text/html', headers, body }));
  await page.goto(server.url);
  const printed = await page.evaluate<unknown[][]>('finished');
  await page.close();
  return printed.map((values) => `${format(...values)}\n`).join('');
}
