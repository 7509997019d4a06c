// What the test of the CPU backend's threads does in a page.
import { BackendError, fillUniform, linear, mean, NdArray, streamKey, trace } from '@nn/core';
import type { Backend } from '@nn/core';
import { cpuBackend } from '@nn/backend-cpu';
import { parseGolden, runCase } from '@nn/conformance';

export interface Computed {
  readonly threads: number;
  readonly notes: readonly string[];
  /** The bits of results. */
  readonly bits: readonly number[];
  /** How often other tasks of the page had their turn while a long program ran. */
  readonly turns: number;
}

/** Runs a program of some hundred milliseconds on a new backend. */
export async function compute(): Promise<Computed> {
  const backend = await cpuBackend({ threads: 2 });
  const run = await longProgram(backend);
  await run();
  const turns = countTurns();
  const result = await run();
  const { threads, notes = [] } = backend.capabilities;
  await backend.dispose();
  return { threads, notes, bits: [...new Int32Array(result.data.slice().buffer)], turns: turns.stop() };
}

/** What became of the golden values. */
export interface GoldenRun {
  readonly passed: number;
  /** Of each other case, with the reason. */
  readonly others: readonly string[];
}

/** Computes all cases of golden files, given as text, on a new backend. */
export async function goldenValues(files: Readonly<Record<string, string>>, threads: number): Promise<GoldenRun> {
  const backend = await cpuBackend({ threads });
  let passed = 0;
  const others: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    for (const golden of parseGolden(text, name).cases) {
      const { id, status, reason = '' } = await runCase(golden, backend, { factor: 1 });
      if (status === 'pass') passed++;
      else others.push(`${id}: ${status} ${reason}`);
    }
  }
  await backend.dispose();
  return { passed, others };
}

export interface Loss {
  /** Of the first run that failed: code and message. */
  readonly failure: string;
  /** Of the run after that; empty when it worked. */
  readonly afterwards: string;
}

/** Ends a worker behind the back of the backend. A browser takes its time to do so. */
export async function loseWorker(): Promise<Loss> {
  const workers: Worker[] = [];
  const { Worker: BrowserWorker } = globalThis;
  globalThis.Worker = class extends BrowserWorker {
    constructor(...given: ConstructorParameters<typeof BrowserWorker>) {
      super(...given);
      workers.push(this);
    }
  };
  const run = await longProgram(await cpuBackend({ threads: 2 }));
  const outcome = (): Promise<string> =>
    run().then(
      () => '',
      (error: unknown) => (error instanceof BackendError ? `${error.code}: ${error.message}` : String(error)),
    );
  await run();
  workers.at(-1)!.terminate();
  let failure = '';
  const patience = performance.now() + 20_000;
  while (failure === '' && performance.now() < patience) failure = await outcome();
  globalThis.Worker = BrowserWorker;
  return { failure, afterwards: await outcome() };
}

const size = 512;

/** Products of large matrices: a function that runs them. */
async function longProgram(backend: Backend): Promise<() => Promise<NdArray>> {
  const square = { shape: [size, size], dtype: 'f32' } as const;
  const program = trace({ x: square }, ({ x }) => {
    let y = x;
    for (let layer = 0; layer < 8; layer++) y = linear(y, x);
    return { y: mean(y, [1]) };
  });
  const values = new Float32Array(size * size);
  fillUniform(streamKey(1, 'x', 0, 0), values);
  const x = new NdArray(
    values.map((value) => (value - 0.5) / 16),
    square.shape,
    'f32',
  );
  const executable = await backend.compile(program);
  const store = await backend.createStore({});
  return () => executable.run(store, { x }).read('y');
}

/** Counts the turns of a task that asks for the next one in each. */
function countTurns(): { stop(): number } {
  const { port1, port2 } = new MessageChannel();
  let turns = 0;
  port1.addEventListener('message', () => {
    turns++;
    port2.postMessage(0);
  });
  port1.start();
  port2.postMessage(0);
  return {
    stop() {
      port1.close();
      return turns;
    },
  };
}
