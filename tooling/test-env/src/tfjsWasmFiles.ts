// The WebAssembly modules of TensorFlow.js as files beside a page, where its device "wasm" looks for them.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);
const folder = join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');
const fileNames = readdirSync(folder).filter((name) => name.endsWith('.wasm'));

/** Adds them to what Vite builds, and to what it serves. */
export function tfjsWasmFiles(): Plugin {
  return {
    name: 'tfjs-wasm-files',
    generateBundle() {
      for (const fileName of fileNames) this.emitFile({ type: 'asset', fileName, source: readFileSync(join(folder, fileName)) });
    },
    configureServer({ middlewares }) {
      for (const fileName of fileNames) {
        middlewares.use(`/${fileName}`, (_request, response) => {
          response.setHeader('Content-Type', 'application/wasm').end(readFileSync(join(folder, fileName)));
        });
      }
    },
  };
}
