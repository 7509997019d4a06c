// What the machine can do at most in WebAssembly: arithmetic that stays in registers, and streams through memory, on one and more threads.
import { Worker } from 'node:worker_threads';
import { cpuBackend } from '@nn/backend-cpu';
import { multiplyAddRunFlops, triadTimes } from '../limits.ts';
import type { Contender, ContenderOptions, Prepared } from './contract.ts';
import type { ArithmeticLoop } from './limitLoops.ts';
import { arithmeticLoops, compileLoops, turnFlops } from './limitLoops.ts';

/** One call of a loop: its numbers behind the address of its memory. */
interface Call {
  readonly kernel: string;
  readonly numbers: readonly number[];
  /** Memory that a thread needs for it. */
  readonly bytes: number;
}

export async function open({ flags }: ContenderOptions): Promise<Contender> {
  // It is what sets the engine's flags for our kernels; the limits are those under the same flags.
  if (flags) await (await cpuBackend({ threads: 1, experimentalV8Flags: true })).dispose();
  const module = await compileLoops();
  const arithmetic = arithmeticCall(fastestLoop(module));
  return {
    async prepare({ task }) {
      if (task.kind === 'multiplyAdd') return onThreads(module, task.threads, arithmetic);
      if (task.kind !== 'triad') return undefined;
      const bytes = Math.floor(task.size / (3 * 64 * task.threads)) * 64;
      return onThreads(module, task.threads, { kernel: 'triad', numbers: [bytes, triadTimes(task.size)], bytes: 3 * bytes });
    },
  };
}

const arithmeticCall = ({ kernel, pairs }: ArithmeticLoop): Call => ({
  kernel,
  numbers: [Math.round(multiplyAddRunFlops / turnFlops(pairs))],
  bytes: 64 + 32 * pairs,
});

type Exports = Readonly<Record<string, (...numbers: number[]) => void>>;

/** The loop with the most operations per second on this engine. */
function fastestLoop(module: WebAssembly.Module): ArithmeticLoop {
  const exports = new WebAssembly.Instance(module, { env: { memory: newMemory(1) } }).exports as Exports;
  const timed = arithmeticLoops.map((loop) => {
    const { kernel, numbers } = arithmeticCall(loop);
    const milliseconds = Array.from({ length: 50 }, () => {
      const start = performance.now();
      exports[kernel]!(0, ...numbers);
      return performance.now() - start;
    });
    return { loop, milliseconds: Math.min(...milliseconds) };
  });
  return timed.reduce((best, other) => (other.milliseconds < best.milliseconds ? other : best)).loop;
}

const pageBytes = 65_536;

const newMemory = (bytes: number) =>
  new WebAssembly.Memory({ initial: Math.max(1, Math.ceil(bytes / pageBytes)), maximum: 65_536, shared: true });

const workerSource = `
const { module, memory, kernel, numbers, controls } = require('node:worker_threads').workerData;
const run = new WebAssembly.Instance(module, { env: { memory } }).exports[kernel];
for (let round = 0; ; round++) {
  Atomics.wait(controls, 0, round);
  run(...numbers);
  Atomics.add(controls, 1, 1);
}`;

/** The same call on every thread at the same time, each on memory of its own. */
function onThreads(module: WebAssembly.Module, threads: number, { kernel, numbers, bytes }: Call): Prepared {
  // Two arrays that begin at the same place within a page disturb each other.
  const stride = Math.ceil(bytes / pageBytes) * pageBytes + 1088;
  const memory = newMemory(stride * threads);
  const [all, initial] = [new Float32Array(memory.buffer), 0.5];
  all.fill(initial);
  const controls = new Int32Array(new SharedArrayBuffer(8));
  const workers = Array.from({ length: threads - 1 }, (_, index) => {
    const workerData = { module, memory, kernel, numbers: [stride * (index + 1), ...numbers], controls };
    return new Worker(workerSource, { eval: true, execArgv: [], workerData });
  });
  const run = (new WebAssembly.Instance(module, { env: { memory } }).exports as Exports)[kernel]!;
  return {
    run() {
      Atomics.store(controls, 1, 0);
      Atomics.add(controls, 0, 1);
      Atomics.notify(controls, 0);
      run(0, ...numbers);
      while (Atomics.load(controls, 1) < workers.length);
    },
    dispose: () => Promise.all(workers.map((worker) => worker.terminate())),
  };
}
