// Where tests find a browser and pages to open in it, and WebGPU in Node.
export type { Browser } from 'playwright-core';
export { noBrowser, openBrowser } from './openBrowser.ts';
export { noWebGpu, provideWebGpu } from './provideWebGpu.ts';
export { isolationHeaders, serveFolder } from './serveFolder.ts';
export type { FolderServer } from './serveFolder.ts';
export { openTestPage } from './testPage.ts';
export type { TestPage } from './testPage.ts';
export { tfjsWasmFiles } from './tfjsWasmFiles.ts';
