// Serves a folder to a browser, cross-origin isolated: only such pages share memory between threads.
import { preview } from 'vite';

/** The headers that isolate a page. */
export const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
} as const;

export interface FolderServer extends AsyncDisposable {
  /** Ends in a slash. */
  readonly url: string;
}

/** Serves `directory` on a free port of this machine until it is disposed. */
export async function serveFolder(directory: string, headers: Readonly<Record<string, string>> = isolationHeaders): Promise<FolderServer> {
  const server = await preview({
    configFile: false,
    logLevel: 'error',
    root: directory,
    build: { outDir: '.' },
    preview: { host: '127.0.0.1', port: 0, headers },
  });
  return { url: server.resolvedUrls!.local[0]!, [Symbol.asyncDispose]: () => server.close() };
}
