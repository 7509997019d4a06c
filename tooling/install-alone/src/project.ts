// An empty project of a user: installs packages, and runs one program as they would.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build as esbuild } from 'esbuild';
import { build as vite } from 'vite';
import { run } from './run.ts';

const tsconfig = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2022', 'dom'],
    module: 'nodenext',
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    types: [],
  },
  include: ['program.mts'],
};

/** Makes a project in `directory` with `packages` from the registry at `url` and `source`, a program in plain JavaScript. */
export async function createProject(directory: string, url: string, packages: readonly string[], source: string): Promise<void> {
  await mkdir(directory);
  await Promise.all([
    writeFile(join(directory, 'package.json'), JSON.stringify({ name: 'project', private: true, type: 'module' })),
    writeFile(join(directory, '.npmrc'), `@nn:registry=${url}\naudit=false\nfund=false\nupdate-notifier=false\n`),
    writeFile(join(directory, 'tsconfig.json'), JSON.stringify(tsconfig)),
    writeFile(join(directory, 'program.mjs'), source),
    writeFile(join(directory, 'program.mts'), source),
  ]);
  await run(directory, 'npm', ['install', ...packages]);
}

/** Every way a program runs in Node, each giving what the program printed. */
export const ways: Readonly<Record<string, (directory: string) => Promise<string>>> = {
  'plain JavaScript': (directory) => run(directory, 'node', ['program.mjs']),

  TypeScript: async (directory) => {
    await run(directory, 'tsc', ['--project', '.']);
    await esbuild({ entryPoints: [join(directory, 'program.mts')], outfile: join(directory, 'typed.mjs') });
    return run(directory, 'node', ['typed.mjs']);
  },
};

/** Every way a program is bundled for browsers, each giving the path of the bundle. */
export const bundlers: Readonly<Record<string, (directory: string) => Promise<string>>> = {
  Vite: async (directory) => {
    const outDir = join(directory, 'vite');
    const input = join(directory, 'program.mjs');
    const output = { entryFileNames: 'program.js' };
    await vite({
      root: directory,
      configFile: false,
      logLevel: 'error',
      build: { outDir, target: 'es2022', rolldownOptions: { input, output } },
    });
    return join(outDir, 'program.js');
  },

  esbuild: async (directory) => {
    const outfile = join(directory, 'esbuild.js');
    await esbuild({
      entryPoints: [join(directory, 'program.mjs')],
      outfile,
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      logLevel: 'silent',
    });
    return outfile;
  },
};
