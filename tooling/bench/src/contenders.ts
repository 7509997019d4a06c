// Who takes part, and how its process is started.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ContenderOptions } from './contenders/contract.ts';
import { models } from './models.ts';
import type { Launch } from './processes.ts';

export interface ContenderSpec {
  /** In results and on the command line. */
  readonly name: string;
  /** Heads a column. */
  readonly title: string;
  /** Settings of one contender share it: the faster of them is what others are compared with. */
  readonly group: string;
  /** Whether it needs the packages of ../peers. */
  readonly peer: boolean;
  readonly launch: Launch;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const loader = import.meta.resolve('tsx');

function node(module: string, options: ContenderOptions): Launch {
  const args = ['--import', loader, here('contenders/serve.ts'), here(module), JSON.stringify(options)];
  return { command: process.execPath, args };
}

/** The name of the contender that all others are compared with. */
export const ours = 'nn';
export const oursOnOneThread = 'nn-1-thread';

export const inChromium = 'nn-chromium';
export const inChromiumAlone = 'nn-chromium-not-isolated';

/** The name of the contender that measures the limits of the machine. */
export const limitsContender = 'limits';

/** All that run in Node. @param threads of those that have threads */
export function nodeContenders(threads: number): ContenderSpec[] {
  const own = (name: string, title: string, options: ContenderOptions) =>
    ({ name, title, group: name, peer: false, launch: node('contenders/nn.ts', options) }) as const;
  const peer = (name: string, module: string, title = name) =>
    ({ name, title, group: name, peer: true, launch: node(`../peers/${module}.mjs`, { threads, flags: false }) }) as const;
  return [
    own(ours, ours, { threads, flags: true }),
    own('nn-no-flags', 'nn, no flags', { threads, flags: false }),
    ...(threads > 1 ? [own(oursOnOneThread, 'nn, 1 thread', { threads: 1, flags: true })] : []),
    peer('javascript', 'javascript', 'plain JS'),
    peer('tfjs-wasm', 'tfjs'),
    peer('jax-js', 'jax'),
    peer('onnxruntime-web', 'onnxruntime'),
    {
      name: limitsContender,
      title: 'limits',
      group: limitsContender,
      peer: false,
      launch: node('contenders/limits.ts', { threads, flags: true }),
    },
  ];
}

/** Those that run in a page of Chromium, which comes with the first run: cross-origin isolated with threads, and not, with one worker. */
export function chromiumContenders(threads: number): ContenderSpec[] {
  const own = (name: string, title: string, isolated: boolean) => {
    const options = { threads, flags: false, isolated };
    // Without this the server of the page, which is Vite's, ends the process as soon as its input ends.
    const launch = { ...node('contenders/chromium.ts', options), env: { CI: 'true' } };
    return { name, title, group: name, peer: false, launch } as const;
  };
  return [own(inChromium, 'nn, Chromium', true), own(inChromiumAlone, 'nn, Chromium, not isolated', false)];
}

/** Memory that PyTorch frees stays with the process; otherwise its steps take nearly twice as long whenever pages are mapped anew. */
const keepMemory = { MALLOC_MMAP_THRESHOLD_: '33554432', MALLOC_TRIM_THRESHOLD_: '1073741824' };

/**
 * A PyTorch that is on the machine, with several settings of its threads: which is fastest depends on the workload.
 * @throws Error when no Python here has it
 */
export async function pytorchContenders(threads: number): Promise<ContenderSpec[]> {
  const { command, version } = await findPytorch();
  return [...new Set([1, threads])].map((openmp) => ({
    name: `pytorch-omp-${openmp}`,
    title: `PyTorch ${version}, OMP=${openmp}`,
    group: 'pytorch',
    peer: false,
    launch: {
      command,
      args: [here('../peers/pytorch.py'), JSON.stringify(models)],
      env: { ...keepMemory, OMP_NUM_THREADS: String(openmp), OPENBLAS_NUM_THREADS: String(threads) },
    },
  }));
}

async function findPytorch(): Promise<{ command: string; version: string }> {
  const candidates = [process.env['PYTHON'], 'python3', '/usr/bin/python3'].filter((candidate) => candidate !== undefined);
  for (const command of candidates) {
    const found = await promisify(execFile)(command, ['-c', 'import torch; print(torch.__version__)']).catch(() => undefined);
    if (found !== undefined) return { command, version: found.stdout.trim() };
  }
  throw new Error(`No PyTorch was found by ${candidates.join(', ')}. Set PYTHON to an interpreter that has it.`);
}
