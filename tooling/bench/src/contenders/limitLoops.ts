// Loops that do nothing but arithmetic or nothing but streaming, in AssemblyScript.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * How many pairs of vectors are updated side by side. More hide the latency of an instruction better, until registers run out; V8 joins a
 * pair to 256 bit where it can.
 */
const pairCounts = [4, 5, 6, 8] as const;

/** Multiplications and additions of one turn of a loop with so many pairs. */
export const turnFlops = (pairs: number) => pairs * 2 * 4 * 2;

export interface ArithmeticLoop {
  readonly kernel: string;
  readonly pairs: number;
}

export const arithmeticLoops: readonly ArithmeticLoop[] = pairCounts.map((pairs) => ({ kernel: `multiplyAdd${pairs}`, pairs }));

function arithmeticLoop({ kernel, pairs }: ArithmeticLoop): string {
  const vectors = Array.from({ length: 2 * pairs }, (_, index) => index);
  const each = (line: (index: number) => string) => vectors.map((index) => `  ${line(index)}`).join('\n');
  // Goes to a fixed point between 0 and 1: no infinities, no subnormal numbers.
  return `
export function ${kernel}(pointer: usize, turns: i32): void {
  const factor = f32x4.splat(load<f32>(pointer)), term = f32x4.splat(load<f32>(pointer, 4));
${each((index) => `let x${index} = v128.load(pointer, ${64 + 16 * index});`)}
  for (let turn = 0; turn < turns; turn++) {
${each((index) => `  x${index} = multiplyAdd(x${index}, factor, term);`)}
  }
${each((index) => `v128.store(pointer, x${index}, ${64 + 16 * index});`)}
}
`;
}

const source = `
@inline function multiplyAdd(x: v128, factor: v128, term: v128): v128 {
  if (isDefined(RELAXED)) return f32x4.relaxed_madd(x, factor, term);
  return f32x4.add(f32x4.mul(x, factor), term);
}
${arithmeticLoops.map(arithmeticLoop).join('')}
/** a ← b + s c over three arrays of so many bytes, one behind the other, so many times. */
export function triad(pointer: usize, bytes: usize, times: i32): void {
  const factor = f32x4.splat(0.5);
  for (let time = 0; time < times; time++) {
    for (let a = pointer, end = pointer + bytes; a < end; a += 64) {
      const b = a + bytes, c = b + bytes;
      const x0 = f32x4.add(v128.load(b), f32x4.mul(factor, v128.load(c)));
      const x1 = f32x4.add(v128.load(b, 16), f32x4.mul(factor, v128.load(c, 16)));
      const x2 = f32x4.add(v128.load(b, 32), f32x4.mul(factor, v128.load(c, 32)));
      const x3 = f32x4.add(v128.load(b, 48), f32x4.mul(factor, v128.load(c, 48)));
      v128.store(a, x0);
      v128.store(a, x1, 16);
      v128.store(a, x2, 32);
      v128.store(a, x3, 48);
    }
  }
}
`;

const options = [
  ['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--enable', 'simd', '--enable', 'threads'],
  ['--importMemory', '--noExportMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
].flat();

/** The loops, with fused instructions where the engine has them. Each takes the address of its memory first. */
export async function compileLoops(): Promise<WebAssembly.Module> {
  const relaxed = await compile(['--enable', 'relaxed-simd', '--use', 'RELAXED=1']);
  return new WebAssembly.Module(WebAssembly.validate(relaxed) ? relaxed : await compile([]));
}

// Its types declare those of AssemblyScript for every file of the program, so the compiler is started rather than imported.
async function compile(variant: readonly string[]): Promise<Buffer<ArrayBuffer>> {
  const compiler = join(createRequire(import.meta.url).resolve('assemblyscript/package.json'), '../bin/asc.js');
  const directory = await mkdtemp(join(tmpdir(), 'nn-bench-loops-'));
  try {
    await writeFile(join(directory, 'loops.ts'), source);
    await promisify(execFile)(process.execPath, [compiler, 'loops.ts', ...options, ...variant, '--outFile', 'loops.wasm'], {
      cwd: directory,
    });
    return Buffer.from(Uint8Array.from(await readFile(join(directory, 'loops.wasm'))).buffer);
  } finally {
    await rm(directory, { recursive: true });
  }
}
