// What a page downloads of each package when its bundler keeps only what it uses, compressed as servers compress scripts.
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';

/** The most bytes that the README's example may download of a package. Of the CPU backend that is all of it, kernels and worker included. */
export const downloadBudgets: Readonly<Record<string, number>> = { core: 30_000, 'backend-cpu': 60_000 };

/** For each package of ours that the program of a project uses, its bytes in a minified build, compressed with Brotli. */
export async function downloadSizes(directory: string): Promise<Record<string, number>> {
  const built = await build({
    root: directory,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: {
        input: join(directory, 'program.mjs'),
        output: {
          chunkFileNames: '[name]',
          codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: packageOf }] },
        },
      },
    },
  });
  if (Array.isArray(built) || !('output' in built)) throw new Error('Vite made more than one build.');
  const chunks = built.output.flatMap((file) => (file.type === 'chunk' ? [file] : []));
  return Object.fromEntries(chunks.map(({ fileName, code }) => [fileName, brotliCompressSync(withoutLinks(code)).length]));
}

/** Without the statements that tie the scripts of this build to each other: a page has them in one, and the build is split to tell packages apart. */
function withoutLinks(code: string): string {
  return code.replace(/^(?:import\{[^}]*\}from"[^"]*";)+/, '').replace(/export\{[^}]*\};?\s*$/, '');
}

/** Scripts of ours are grouped by their package. */
const packageOf = (path: string): string | undefined => /@nn[\\/]([^\\/]+)/.exec(path)?.[1];
