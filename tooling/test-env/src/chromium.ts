// The Chromium that tests run in: a package of the registry, unpacked once. It also brings a WebGPU driver in software.
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import type { Apart } from './apart.ts';
import { folderOf, runInto } from './apart.ts';

const decompress = promisify(brotliDecompress);

/** In place of the one in the package, which looks for the font in /tmp. A page with text and no font ends the browser. */
const fontConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

const packed: Apart = {
  folder: 'chromium',
  package: '@sparticuz/chromium',
  announcement: 'downloading Chromium, 68 MB, for the tests in a browser (once)',
  prepare: (installed, prepared) => unpack(join(installed, 'bin'), prepared),
};

/** How to start an unpacked Chromium. */
export interface Executable {
  readonly executablePath: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Whether the package holds a Chromium for this machine: it is built for Linux on x64 with glibc. */
export function hasOwnChromium(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}

/**
 * Unpacks it, 205 MB in `node_modules/.cache`, unless that has been done.
 * @throws when the registry cannot be reached
 */
export async function ownChromium(): Promise<Executable> {
  const directory = await folderOf(packed);
  // Without a language that ICU knows, `Intl` throws in its pages.
  const places = { LD_LIBRARY_PATH: join(directory, 'lib'), FONTCONFIG_PATH: directory, LANG: 'en_US.UTF-8' };
  return { executablePath: join(directory, 'chromium'), env: { ...process.env, ...places } };
}

/** Where Chromium keeps a Vulkan loader and a renderer in software, for other programs that draw or compute with Vulkan. */
export async function softwareVulkan(): Promise<{ readonly loader: string; readonly driver: string }> {
  const directory = await folderOf(packed);
  return { loader: join(directory, 'libvulkan.so.1'), driver: join(directory, 'vk_swiftshader_icd.json') };
}

async function unpack(packages: string, directory: string): Promise<void> {
  await mkdir(directory);
  const read = async (name: string) => decompress(await readFile(join(packages, name)));
  // Shared libraries, the software renderer of WebGL and WebGPU, a font.
  for (const name of ['al2023.tar.br', 'swiftshader.tar.br', 'fonts.tar.br']) {
    await runInto('tar', ['-x', '--no-same-owner', '-C', directory], await read(name));
  }
  await writeFile(join(directory, 'fonts.conf'), fontConfiguration);
  await writeFile(join(directory, 'chromium'), await read('chromium.br'));
  await chmod(join(directory, 'chromium'), 0o755);
}
