// Where tests find a browser and pages to open in it.
export { noBrowser, openBrowser } from './openBrowser.ts';
export { isolationHeaders, serveFolder } from './serveFolder.ts';
export type { FolderServer } from './serveFolder.ts';
