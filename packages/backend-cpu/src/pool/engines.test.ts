// The engines do the same work with the same results, on any number of threads, and outlive what goes wrong.
import workerThreads from 'node:worker_threads';
import { identicalArrays, NdArray } from '@nn/core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EmittedModule, WasmCommand } from '../wasm/command.ts';
import { WasmDevice } from '../wasm/device.ts';
import type { Engine } from '../wasm/engine.ts';
import { compileKernelModule } from '../wasm/kernelModule.ts';
import { createMemory } from '../wasm/memory.ts';
import { alwaysTogether, runStep } from '../testing/wasmHost.ts';
import { InlineEngine } from './inlineEngine.ts';
import { PageEngine } from './pageEngine.ts';
import { RemoteEngine } from './remoteEngine.ts';
import { threadStarter } from './thread.ts';
import type { ThreadStarter } from './thread.ts';

const { module } = await compileKernelModule();
const startThread = threadStarter()!;

const makers: Readonly<Record<string, () => Engine>> = {
  'in line, 1 thread': () => new InlineEngine(module, createMemory(), 1, undefined),
  'in line, 2 threads': () => new InlineEngine(module, createMemory(), 2, startThread, alwaysTogether),
  'in line, 4 threads': () => new InlineEngine(module, createMemory(), 4, startThread, alwaysTogether),
  'page, 1 thread': () => new PageEngine(module, createMemory(), 1, startThread),
  'page, 2 threads': () => new PageEngine(module, createMemory(), 2, startThread, alwaysTogether),
  'remote worker': () => new RemoteEngine(module, startThread),
};

/** Workers of Node, in the order in which they were started. */
const workers: workerThreads.Worker[] = [];
const { Worker } = workerThreads;

beforeAll(() => {
  workerThreads.Worker = class extends Worker {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given);
      workers.push(this);
    }
  };
});

afterAll(() => {
  workerThreads.Worker = Worker;
});

const engines: Engine[] = [];

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.dispose();
});

/** A device all of whose threads are there. */
async function started(make: () => Engine): Promise<WasmDevice> {
  const engine = make();
  engines.push(engine);
  if (engine instanceof InlineEngine) await vi.waitUntil(() => engine.ready, { interval: 1, timeout: 10_000 });
  return new WasmDevice(engine, { name: 'cpu' });
}

const count = 100_000;
const spec = { shape: [count], dtype: 'f32' } as const;
const x = new NdArray(
  Float32Array.from({ length: count }, (_, index) => index),
  spec.shape,
  'f32',
);

/** The output becomes the input, but for its second half, which becomes zero; `work` says whether threads share that. */
function halfCopy(work: number): WasmCommand[] {
  return [
    { kernel: 'fill', words: ({ outputs: [to] }) => [to!, count, 0], work },
    { kernel: 'copy', words: ({ inputs: [from], outputs: [to] }) => [from!, to!, count / 2], work },
  ];
}

const expected = new NdArray(
  x.data.map((value, index) => (index < count / 2 ? value : 0)),
  spec.shape,
  'f32',
);

/** (module (func (export "trap") (param i32 i32 i32) unreachable)) */
const trapping: EmittedModule = {
  bytes: Uint8Array.from(
    [
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      [1, 7, 1, 0x60, 3, 0x7f, 0x7f, 0x7f, 0], // type: (i32, i32, i32) -> ()
      [3, 2, 1, 0], // one function of that type
      [7, 8, 1, 4, 0x74, 0x72, 0x61, 0x70, 0, 0], // exported as "trap"
      [10, 5, 1, 3, 0, 0x00, 0x0b], // unreachable
    ].flat(),
  ),
  exports: ['trap'],
};

/** A module whose function "put" stores a number of its own at the address in its arguments: a new one for each number. */
function putting(value: number): EmittedModule {
  const memory = [...text('env'), ...text('memory'), 2, 3, 2, 0x80, 0x80, 4]; // shared, of 2 to 65536 pages
  const body = [0, 0x20, 0, 0x28, 2, 0, 0x41, value, 0x36, 2, 0, 0x0b]; // no locals; i32.store (i32.load args) value
  const bytes = Uint8Array.from(
    [
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      [1, 7, 1, 0x60, 3, 0x7f, 0x7f, 0x7f, 0],
      [2, memory.length + 1, 1, ...memory],
      [3, 2, 1, 0],
      [7, 7, 1, ...text('put'), 0, 0],
      [10, body.length + 2, 1, body.length, ...body],
    ].flat(),
  );
  return { bytes, exports: ['put'] };
}

function text(name: string): number[] {
  return [name.length, ...new TextEncoder().encode(name)];
}

/** A kernel that traps. */
const trap = (work: number): WasmCommand => ({ kernel: { module: trapping, name: 'trap' }, words: () => [], work });

describe.each(Object.entries(makers))('%s', (_, make) => {
  it.each([1, 1e9])('runs commands in order (work %d)', async (work) => {
    const device = await started(make);
    for (let run = 0; run < 20; run++) {
      const [y] = await runStep(device, { commands: halfCopy(work) }, [x], [spec]);
      expect(identicalArrays(y!, expected)).toBe(true);
    }
  });

  it('runs the same program again and again, while the collector is at work', async () => {
    const device = await started(make);
    const buffer = device.allocate('f32', count);
    const instr = { op: 'fill', attrs: {}, in: [], out: [], path: '' };
    const commands = halfCopy(1e9).slice(0, 1);
    const sequence = device.sequence([{ instr, inputs: [], outputs: [buffer], run: { commands } }], { bindings: 1, results: new Set() });
    sequence.bind!(0);
    for (let run = 0; run < 300; run++) {
      // Garbage outside of the heap makes the collector move what the engine holds.
      expect(new Float32Array(100_000)).toHaveLength(100_000);
      await sequence.run(0);
    }
    expect((await device.read(buffer, spec)).data.every((value) => value === 0)).toBe(true);
  });

  it('runs the functions of each program, also where those of an earlier one were', async () => {
    const device = await started(make);
    for (const value of [1, 2, 3]) {
      const put: WasmCommand = { kernel: { module: putting(value), name: 'put' }, words: ({ outputs: [to] }) => [to!], work: 1e9 };
      const [y] = await runStep(device, { commands: [...halfCopy(1e9), put] }, [x], [spec]);
      expect(new Int32Array(y!.data.buffer)[0]).toBe(value);
    }
  });

  it('names the step whose kernel trapped, and works on', async () => {
    const device = await started(make);
    for (const work of [1, 1e9]) {
      const failing = runStep(device, { commands: [...halfCopy(work), trap(work)] }, [x], [spec]);
      await expect(failing).rejects.toThrow(/^test failed on backend "cpu": .*unreachable/);
      const [y] = await runStep(device, { commands: halfCopy(1e9) }, [x], [spec]);
      expect(identicalArrays(y!, expected)).toBe(true);
    }
  });
});

describe.each(['in line', 'page'])('%s, 2 threads', (kind) => {
  it.each([true, false])('asks about each run that threads may share, and tells how long it took (together: %s)', async (isTogether) => {
    const company = { join: vi.fn<() => boolean>(() => isTogether), note: vi.fn<(program: object, taken: number) => void>() };
    const device = await started(() =>
      kind === 'page'
        ? new PageEngine(module, createMemory(), 2, startThread, company)
        : new InlineEngine(module, createMemory(), 2, startThread, company),
    );
    for (const work of [1, 1e9, 1e9]) {
      const [y] = await runStep(device, { commands: halfCopy(work) }, [x], [spec]);
      expect(identicalArrays(y!, expected)).toBe(true);
    }
    expect(company.join).toHaveBeenCalledTimes(2);
    expect(company.note.mock.calls.map(([, taken]) => taken > 0)).toEqual([true, true]);
  });
});

describe('a worker that dies', () => {
  const shared = Object.entries(makers).filter(([name]) => /page|in line, [24]/.test(name));
  const step = { commands: halfCopy(1e9) };

  describe.each(shared)('%s', (_, make) => {
    it.each(['before a run', 'during a run'])('%s fails that run, and the next has new workers', async (when) => {
      const device = await started(make);
      await runStep(device, step, [x], [spec]);
      const earlier = workers.length;
      const death = workers.at(-1)!.terminate();
      if (when === 'before a run') await death;
      await expect(runStep(device, step, [x], [spec])).rejects.toThrow(
        /lost a worker \(thread \d: it exited with code 1\)\. The next run starts new ones/,
      );
      const [y] = await runStep(device, step, [x], [spec]);
      expect(identicalArrays(y!, expected)).toBe(true);
      expect(workers.length).toBeGreaterThan(earlier);
    });
  });

  it('before it lived is no less an error', async () => {
    const refused: ThreadStarter = () => {
      throw new Error('blocked by policy');
    };
    for (const engine of [new InlineEngine(module, createMemory(), 2, refused), new PageEngine(module, createMemory(), 2, refused)]) {
      const device = new WasmDevice(engine, { name: 'cpu' });
      for (let run = 0; run < 2; run++) {
        await expect(runStep(device, step, [x], [spec])).rejects.toThrow(
          /lost a worker \(it cannot be started: Error: blocked by policy\)/,
        );
      }
      await engine.dispose();
    }
  });

  it('is not replaced before it has ended', async () => {
    let refusals = 1;
    const slow: ThreadStarter = (...given) => {
      const thread = startThread(...given);
      const terminate = async (): Promise<void> => {
        if (refusals-- > 0) throw new Error('it has not ended');
        await thread.terminate();
      };
      return { order: thread.order, terminate };
    };
    for (const make of [
      () => new InlineEngine(module, createMemory(), 2, slow, alwaysTogether),
      () => new PageEngine(module, createMemory(), 2, slow),
    ]) {
      refusals = 1;
      const device = await started(make);
      await expect(runStep(device, { commands: [...halfCopy(1e9), trap(1e9)] }, [x], [spec])).rejects.toThrow('unreachable');
      const earlier = workers.length;
      await expect(runStep(device, step, [x], [spec])).rejects.toThrow('lost a worker (Error: it has not ended)');
      const [y] = await runStep(device, step, [x], [spec]);
      expect(identicalArrays(y!, expected)).toBe(true);
      expect(workers.length).toBeGreaterThan(earlier);
    }
  });

  it('takes the variables with it where it alone had the memory', async () => {
    const device = await started(makers['remote worker']!);
    await runStep(device, step, [x], [spec]);
    await workers.at(-1)!.terminate();
    await expect(runStep(device, step, [x], [spec])).rejects.toMatchObject({ code: 'backend.lost' });
  });
});
