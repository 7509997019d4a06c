// Compiles assembly/ to WebAssembly, with and without relaxed SIMD.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { staticDataStart } from '../src/wasm/layout.ts';
import { isRuntimeExport } from '../src/wasm/runtimeExports.ts';
import { differenceOf } from './moduleDifference.ts';
import { packed } from './pack.ts';

const packageDirectory = join(import.meta.dirname, '..');

// Its types declare those of AssemblyScript for every file of the program, so the compiler is started rather than imported.
const compiler = join(packageDirectory, 'node_modules/assemblyscript/bin/asc.js');

const options = [
  ['assembly/index.ts', '-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--enable', 'simd', '--enable', 'threads'],
  ['--importTable', '--importMemory', '--noExportMemory', '--sharedMemory', '--initialMemory', '2', '--maximumMemory', '65536'],
  ['--memoryBase', String(staticDataStart)],
].flat();

/** Text of src/generated/kernels.ts. */
export async function compileKernels(): Promise<string> {
  const [plain, relaxed] = await Promise.all([compile([]), compile(['--enable', 'relaxed-simd', '--use', 'RELAXED=1'])]);
  const names = WebAssembly.Module.exports(new WebAssembly.Module(plain))
    .map(({ name }) => name)
    .filter((name) => !isRuntimeExport(name))
    .toSorted();
  return `import type { ModuleDifference } from '../wasm/packedModule.ts';

/** Names of the kernels, in the order in which they are in the table of functions. */
export const kernelExports = ${JSON.stringify(names)} as const;

export type KernelExport = (typeof kernelExports)[number];

/** The WebAssembly module with relaxed SIMD instructions, packed. */
export const relaxedModule: string = '${packed(relaxed)}';

/** What the module without them has in their place. */
export const plainDifference: ModuleDifference = ${JSON.stringify(differenceOf(plain, relaxed))};
`;
}

async function compile(variant: readonly string[]): Promise<Buffer<ArrayBuffer>> {
  const directory = await mkdtemp(join(tmpdir(), 'nn-kernels-'));
  const output = join(directory, 'kernels.wasm');
  try {
    await promisify(execFile)(process.execPath, ['--enable-source-maps', compiler, ...options, ...variant, '--outFile', output], {
      cwd: packageDirectory,
    });
    return Buffer.from(Uint8Array.from(await readFile(output)).buffer);
  } finally {
    await rm(directory, { recursive: true });
  }
}
