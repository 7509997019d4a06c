// Where tests find a browser and pages to open in it.
export type { Browser } from 'playwright-core';
export { noBrowser, openBrowser } from './openBrowser.ts';
export { isolationHeaders, serveFolder } from './serveFolder.ts';
export type { FolderServer } from './serveFolder.ts';
