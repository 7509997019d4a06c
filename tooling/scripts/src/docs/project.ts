// A user's project in a temporary folder, whose installed packages are this workspace's sources: there the examples are run and checked.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const tools = createRequire(import.meta.url);

export interface Project {
  /**
   * What each program prints when Node runs them one after another. Programs are modules of plain JavaScript.
   * @throws ProgramError for the first that fails
   */
  run(programs: readonly string[]): Promise<string[]>;
  /** Checks TypeScript modules, by name. @throws with the compiler's report. */
  checkTypes(modules: Readonly<Record<string, string>>): Promise<void>;
  remove(): Promise<void>;
}

/** A program that failed, by its place among those given, with what it reported. */
export class ProgramError extends Error {
  readonly program: number;

  constructor(program: number, report: string) {
    super(report);
    this.program = program;
  }
}

const tsconfig = {
  extends: join(import.meta.dirname, '../../../../tsconfig.base.json'),
  compilerOptions: {
    customConditions: ['@nn/source'],
    noEmit: true,
    types: ['node'],
    typeRoots: [join(import.meta.dirname, '../../../../node_modules/@types')],
  },
  include: ['*.ts'],
};

/** Imports the modules named on the command line in their order; a NUL follows what each has printed. */
const runner = `for (const program of process.argv.slice(2)) {
  await import(program);
  process.stdout.write('\\0');
}`;

/** Where the packages of others are that users install beside those of the workspace, by name. */
async function foreignPeers(sources: string, packages: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of packages) {
    const manifest = JSON.parse(await readFile(join(sources, name, 'package.json'), 'utf8')) as {
      peerDependencies?: Record<string, string>;
    };
    for (const peer of Object.keys(manifest.peerDependencies ?? {})) {
      const place = join(sources, name, 'node_modules', peer);
      if (!peer.startsWith('@nn/') && existsSync(place)) found.set(peer, place);
    }
  }
  return found;
}

/** Makes a project with all packages of a workspace installed, and the packages of others that are their peers. */
export async function createProject(workspace: string): Promise<Project> {
  const directory = await mkdtemp(join(tmpdir(), 'nn-docs-'));
  const installed = join(directory, 'node_modules/@nn');
  await mkdir(installed, { recursive: true });
  const sources = resolve(workspace, 'packages');
  const packages = await readdir(sources);
  await Promise.all(packages.map((name) => symlink(join(sources, name), join(installed, name), 'junction')));
  for (const [name, place] of await foreignPeers(sources, packages)) {
    const link = join(directory, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(place, link, 'junction');
  }
  let folders = 0;

  const newFolder = async (files: Readonly<Record<string, string>>) => {
    const folder = join(directory, `folder-${folders++}`);
    await mkdir(folder);
    await Promise.all(Object.entries(files).map(([file, text]) => writeFile(join(folder, file), text)));
    return folder;
  };

  return {
    async run(programs) {
      const files = programs.map((program, index) => [`program-${index}.mjs`, program]);
      const folder = await newFolder({ 'runner.mjs': runner, ...(Object.fromEntries(files) as Record<string, string>) });
      const loader = pathToFileURL(tools.resolve('tsx')).href;
      const options = ['--conditions=@nn/source', '--import', loader, 'runner.mjs', ...files.map(([name]) => `./${name}`)];
      const { stdout } = await execute('node', options, { cwd: folder }).catch((error: Error & { stdout: string }) => {
        throw new ProgramError(error.stdout.split('\0').length - 1, error.message);
      });
      return stdout.split('\0').slice(0, -1);
    },
    async checkTypes(modules) {
      const folder = await newFolder({ 'package.json': '{ "type": "module" }', 'tsconfig.json': JSON.stringify(tsconfig), ...modules });
      const compiler = join(tools.resolve('typescript/package.json'), '../bin/tsc');
      await execute('node', [compiler, '--project', folder]).catch((error: Error & { stdout: string }) => {
        throw new Error(error.stdout, { cause: error });
      });
    },
    remove: () => rm(directory, { recursive: true }),
  };
}
