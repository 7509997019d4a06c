// Writes dist/standalone.js: the kit and the CPU backend in one file, for pages that have no bundler.
import { join } from 'node:path';
import { build } from 'esbuild';

await build({
  stdin: {
    contents: `export * from '../dist/index.js';\nexport { cpuBackend } from '@nn/backend-cpu';\n`,
    resolveDir: import.meta.dirname,
  },
  outfile: join(import.meta.dirname, '../dist/standalone.js'),
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
});
