// An empty project of a user: installs packages, and runs one program as they would.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build as esbuild } from 'esbuild';
import { build as vite } from 'vite';
import webpack from 'webpack';
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

  webpack: async (directory) => {
    const path = join(directory, 'webpack');
    const compiler = webpack({
      mode: 'production',
      context: directory,
      entry: './program.mjs',
      target: ['web', 'es2022'],
      experiments: { outputModule: true },
      output: { path, filename: 'program.js', module: true },
      performance: false,
    });
    const stats = await promisify(compiler.run.bind(compiler))();
    await promisify(compiler.close.bind(compiler))();
    if (stats === undefined || stats.hasErrors() || stats.hasWarnings()) throw new Error(stats?.toString() ?? 'webpack made nothing');
    return join(path, 'program.js');
  },
};

/** The program of a project that has installed the kit, with the kit's one file for pages beside it in place of packages. */
export async function unbundled(directory: string): Promise<string> {
  const folder = join(directory, 'unbundled');
  const source = await readFile(join(directory, 'program.mjs'), 'utf8');
  await mkdir(folder);
  await copyFile(join(directory, 'node_modules/@nn/kit/dist/standalone.js'), join(folder, 'nn.js'));
  await writeFile(join(folder, 'program.js'), source.replaceAll(/'@nn\/[a-z-]+'/g, "'./nn.js'"));
  return join(folder, 'program.js');
}
