// The Chromium that tests run in: a package of the registry, downloaded and unpacked once, when the first test asks for it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

const decompress = promisify(brotliDecompress);
const manifests = join(import.meta.dirname, '../chromium');
const modules = join(import.meta.dirname, '../../../node_modules');
const cache = join(modules, '.cache');

/** In place of the one in the package, which looks for the font in /tmp. A page with text and no font ends the browser. */
const fontConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/** How to start an unpacked Chromium. */
export interface Executable {
  readonly executablePath: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Whether the package holds a Chromium for this machine: it is built for Linux on x64 with glibc. */
export function hasOwnChromium(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}

/**
 * Unpacks it, 205 MB in `node_modules/.cache`, unless that has been done.
 * @throws when the registry cannot be reached
 */
export async function ownChromium(): Promise<Executable> {
  const directory = join(cache, `chromium-${await pinnedVersion()}`);
  if (!existsSync(directory)) await install(directory);
  // Without a language that ICU knows, `Intl` throws in its pages.
  const places = { LD_LIBRARY_PATH: join(directory, 'lib'), FONTCONFIG_PATH: directory, LANG: 'en_US.UTF-8' };
  return { executablePath: join(directory, 'chromium'), env: { ...process.env, ...places } };
}

async function pinnedVersion(): Promise<string> {
  const { dependencies } = JSON.parse(await readFile(join(manifests, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  return dependencies['@sparticuz/chromium']!;
}

/** Two processes that do this at once do not disturb each other: each works in a folder of its own, and the last step is atomic. */
async function install(directory: string): Promise<void> {
  console.error('downloading Chromium, 68 MB, for the tests in a browser (once)');
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(cache, 'chromium-'));
  try {
    await cp(manifests, scratch, { recursive: true });
    await runInto(join(modules, '.bin/pnpm'), ['--dir', scratch, 'install', '--frozen-lockfile']);
    const unpacked = join(scratch, 'unpacked');
    await unpack(join(scratch, 'node_modules/@sparticuz/chromium/bin'), unpacked);
    await rename(unpacked, directory).catch((error: unknown) => {
      if (!existsSync(directory)) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true });
  }
}

async function unpack(packed: string, directory: string): Promise<void> {
  await mkdir(directory);
  const read = async (name: string) => decompress(await readFile(join(packed, name)));
  // Shared libraries, the software renderer of WebGL and WebGPU, a font.
  for (const name of ['al2023.tar.br', 'swiftshader.tar.br', 'fonts.tar.br']) {
    await runInto('tar', ['-x', '--no-same-owner', '-C', directory], await read(name));
  }
  await writeFile(join(directory, 'fonts.conf'), fontConfiguration);
  await writeFile(join(directory, 'chromium'), await read('chromium.br'));
  await chmod(join(directory, 'chromium'), 0o755);
}

/** Runs a command and waits. @throws with what it printed when it fails */
async function runInto(command: string, args: readonly string[], input?: Buffer): Promise<void> {
  const child = spawn(command, args, { stdio: 'pipe' });
  const printed: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => printed.push(part));
  child.stderr.on('data', (part: Buffer) => printed.push(part));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${Buffer.concat(printed).toString()}`);
}
