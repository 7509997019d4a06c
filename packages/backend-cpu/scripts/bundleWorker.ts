// Bundles src/pool/worker.ts into one script, to be started from a string: no bundler of a user has to know about workers.
import { join } from 'node:path';
import { build } from 'esbuild';

/** Text of src/generated/worker.ts. */
export async function bundleWorker(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '../src/pool/worker.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  });
  return `
/** The script that a worker runs. */
export const workerSource: string = ${JSON.stringify(outputFiles[0]!.text)};
`;
}
