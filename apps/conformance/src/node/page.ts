// The page for browsers: served while it is worked on, or built into a folder.
import { join } from 'node:path';
import { isolationHeaders, tfjsWasmFiles } from '@nn-tooling/test-env';
import type { InlineConfig } from 'vite';
import { build, createServer } from 'vite';

const config: InlineConfig = {
  root: join(import.meta.dirname, '../page'),
  configFile: false,
  base: './',
  plugins: [tfjsWasmFiles()],
  resolve: { conditions: ['@nn/source', 'module', 'browser', 'development|production'] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
};

/** Serves it from sources until the process ends; with `open`, shows it in the user's browser. @returns its address */
export async function servePage({ open }: { readonly open: boolean }): Promise<string> {
  const server = await createServer({ ...config, logLevel: 'warn', server: { open, headers: isolationHeaders } });
  await server.listen();
  return server.resolvedUrls!.local[0]!;
}

/** Builds it into `directory`, which is emptied before. */
export async function buildPage(directory: string): Promise<void> {
  await build({
    ...config,
    logLevel: 'error',
    build: { outDir: directory, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 2000 },
  });
}
