// Large packages that only some tests need: each has a manifest and a lockfile of its own beside this package, and is downloaded into
// node_modules/.cache by the first test that asks for it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const modules = join(import.meta.dirname, '../../../node_modules');
const cache = join(modules, '.cache');

/** A folder of this package with `package.json`, `pnpm-lock.yaml` and `pnpm-workspace.yaml`. */
export interface Apart {
  readonly folder: 'chromium' | 'dawn';
  /** The package whose version names what is kept. */
  readonly package: string;
  /** What is said before it is downloaded. */
  readonly announcement: string;
  /** Makes what is kept from the installed package, in a folder to be created; without it, the installation is kept. */
  readonly prepare?: (installed: string, prepared: string) => Promise<void>;
}

/**
 * The folder that holds it, downloaded and prepared unless it is there. Two processes that do this at once do not disturb each other: each
 * works in a folder of its own, and the last step is atomic.
 * @throws when the registry cannot be reached
 */
export async function folderOf(apart: Apart): Promise<string> {
  const manifests = join(import.meta.dirname, '..', apart.folder);
  const directory = join(cache, `${apart.folder}-${await pinnedVersion(manifests, apart.package)}`);
  if (!existsSync(directory)) await install(apart, manifests, directory);
  return directory;
}

async function pinnedVersion(manifests: string, name: string): Promise<string> {
  const { dependencies } = JSON.parse(await readFile(join(manifests, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  return dependencies[name]!;
}

async function install({ folder, package: name, announcement, prepare }: Apart, manifests: string, directory: string): Promise<void> {
  console.error(announcement);
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(cache, `${folder}-`));
  try {
    const installation = join(scratch, 'installation');
    await cp(manifests, installation, { recursive: true });
    await runInto(join(modules, '.bin/pnpm'), ['--dir', installation, 'install', '--frozen-lockfile']);
    const prepared = join(scratch, 'prepared');
    await prepare?.(join(installation, 'node_modules', name), prepared);
    await rename(prepare === undefined ? installation : prepared, directory).catch((error: unknown) => {
      if (!existsSync(directory)) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** Runs a command and waits. @throws with what it printed when it fails */
export async function runInto(command: string, args: readonly string[], input?: Buffer): Promise<void> {
  const child = spawn(command, args, { stdio: 'pipe' });
  const printed: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => printed.push(part));
  child.stderr.on('data', (part: Buffer) => printed.push(part));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${Buffer.concat(printed).toString()}`);
}
