// The page in which tests run the devices that only browsers have, as files.
import { join } from 'node:path';
import { tfjsWasmFiles } from '@nn-tooling/test-env';
import { build } from 'vite';

/** Builds it into `directory`, which is emptied before. */
export async function buildPage(directory: string): Promise<void> {
  await build({
    root: join(import.meta.dirname, 'page'),
    configFile: false,
    logLevel: 'error',
    base: './',
    plugins: [tfjsWasmFiles()],
    resolve: { conditions: ['@nn/source', 'module', 'browser', 'development|production'] },
    build: { outDir: directory, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 4000 },
  });
}
