// The browser that all tests in pages rely on: it starts, and its pages have what backends need.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noBrowser, openBrowser, serveFolder } from './index.ts';

const folder = await mkdtemp(join(tmpdir(), 'nn-page-'));
let browser: Browser | undefined;
beforeAll(async () => {
  await mkdir(join(folder, 'deep'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>hello</title>');
  await writeFile(join(folder, 'deep/data.json'), '[1]');
  browser = await openBrowser();
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

/** What a page served with `headers` finds about itself. */
async function inPage<T>(find: () => T | Promise<T>, headers?: Record<string, string>): Promise<T> {
  await using server = await serveFolder(folder, headers);
  const page = await browser!.newPage();
  await page.goto(server.url);
  const found = await page.evaluate(find);
  await page.close();
  return found;
}

test('pages are cross-origin isolated, so that threads can share memory', async ({ skip }) => {
  if (browser === undefined) return skip(noBrowser);
  const shared = () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const source = 'onmessage = ({ data }) => { new Int32Array(data.buffer)[0] = 7; postMessage(0); }';
    const worker = new Worker(URL.createObjectURL(new Blob([source])));
    return new Promise<number>((resolve) => {
      worker.addEventListener('message', () => resolve(new Int32Array(memory.buffer)[0]!));
      worker.postMessage(memory, []);
    });
  };
  expect(await inPage(() => crossOriginIsolated)).toBe(true);
  expect(await inPage(shared)).toBe(7);
});

test('pages can be served without isolation too, as most are', async ({ skip }) => {
  if (browser === undefined) return skip(noBrowser);
  expect(await inPage(() => crossOriginIsolated, {})).toBe(false);
});

test('pages have a language, and files lie beside them', async ({ skip }) => {
  if (browser === undefined) return skip(noBrowser);
  expect(await inPage(() => new Intl.NumberFormat().format(1234.5))).toBe('1,234.5');
  expect(await inPage(async () => (await fetch('deep/data.json')).json() as Promise<unknown>)).toEqual([1]);
});
