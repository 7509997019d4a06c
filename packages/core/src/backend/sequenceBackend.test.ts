// Devices that take all steps of a program at once: what they are told, and when.
import { describe, expect, it } from 'vitest';
import type { TypedArray } from '../array/dtype.ts';
import { full, ndarray, zeros } from '../array/ndarray.ts';
import { add, mul } from '../ops/elementwise.ts';
import { trace } from '../ops/trace.ts';
import type { Program } from '../program/program.ts';
import type { KernelRun, SequenceDevice, Step } from './device.ts';
import { sequenceBackend } from './kernelBackend.ts';
import { capabilities, countingDevice, toyKernels } from './testing/toyBackend.ts';

const vector = { shape: [3], dtype: 'f32' } as const;

interface Joining {
  /** Called before the steps of a run. */
  readonly before?: () => void | Promise<void>;
  readonly log?: string[];
}

/** A device that joins steps into one loop and notes what it is asked. */
function joiningDevice({ before = () => {}, log = [] }: Joining = {}) {
  const host = countingDevice();
  const device: SequenceDevice<TypedArray, KernelRun<TypedArray>> & typeof host = {
    ...host,
    free(buffer) {
      log.push('free');
      host.free!(buffer);
    },
    sequence(steps: readonly Step<TypedArray, KernelRun<TypedArray>>[]) {
      const runAll = (): void => steps.forEach(({ inputs, outputs, run }) => run(inputs, outputs));
      return {
        bytes: 1000,
        bind: (binding) => void log.push(`bind ${binding}`),
        run(binding) {
          log.push(`run ${binding}`);
          const waiting = before();
          return waiting === undefined ? runAll() : waiting.then(runAll);
        },
        dispose: () => void log.push('dispose'),
      };
    },
  };
  return device;
}

/** count := 2 count + x */
function doublingProgram(): Program {
  return trace({ x: vector }, ({ x }, recording) => {
    const next = add(mul(recording.readVariable('count', vector), 2), x);
    recording.writeVariable('count', next);
    return { next };
  });
}

describe('a sequence', () => {
  it('is bound for both sets of buffers of a store, runs per run, and is disposed before its buffers', async () => {
    const log: string[] = [];
    const backend = sequenceBackend('joined', capabilities, joiningDevice({ log }), toyKernels);
    const [a, b] = [await backend.createStore({ count: zeros([3]) }), await backend.createStore({ count: full([3], 10) })];
    const executable = await backend.compile(doublingProgram());
    const x = ndarray([1, 2, 3]);
    for (const store of [a, a, a, a, b]) await executable.run(store, { x }).done;
    expect([...(await a.read('count')).data]).toEqual([15, 30, 45]);
    expect([...(await b.read('count')).data]).toEqual([21, 22, 23]);
    expect(log).toEqual(['bind 0', 'run 0', 'bind 1', 'run 1', 'run 0', 'run 1', 'bind 0', 'run 0']);
    await executable.dispose();
    expect(log.slice(8, 10)).toEqual(['dispose', 'free']);
  });

  it('counts as working memory', async () => {
    const backend = sequenceBackend('joined', capabilities, joiningDevice(), toyKernels);
    const { memory } = await backend.compile(doublingProgram(), { optimize: false });
    expect(memory).toMatchObject({ parameters: 24 });
    expect(memory.scratch).toBeGreaterThanOrEqual(1024);
  });

  it('says how its steps are run, when it knows', async () => {
    const device = joiningDevice();
    let runs = 0;
    const sequence: typeof device.sequence = (steps, use) => ({
      ...device.sequence(steps, use),
      run: () => void runs++,
      describe: (step) => (runs === 0 ? undefined : `${steps[step]!.instr.op} in step ${step}`),
    });
    const backend = sequenceBackend('joined', capabilities, { ...device, sequence }, toyKernels);
    const executable = await backend.compile(doublingProgram(), { optimize: false });
    expect(executable.report[0]).toEqual({ instr: 0, path: 'kernel' });
    await executable.run(await backend.createStore({ count: zeros([3]) }), { x: zeros([3]) }).done;
    expect(executable.report[0]).toEqual({ instr: 0, path: 'kernel', reason: 'map in step 0' });
  });

  it('that works beside JavaScript delays outputs and the next run, which keeps its inputs', async () => {
    const device = joiningDevice({ before: () => new Promise((resolve) => setTimeout(resolve, 1)) });
    const backend = sequenceBackend('joined', capabilities, device, toyKernels);
    const store = await backend.createStore({ count: zeros([3]) });
    const executable = await backend.compile(doublingProgram());
    const x = ndarray([1, 1, 1]);
    const outputs = [1, 2, 3].map((run) => {
      x.data.fill(run);
      return executable.run(store, { x });
    });
    expect(await Promise.all(outputs.map(async (output) => (await output.read('next')).data[0]))).toEqual([1, 4, 11]);
  });

  it('that fails leaves the store as it was', async () => {
    let fails = true;
    const before = (): void | Promise<void> => (fails ? Promise.reject(new Error('a thread died')) : undefined);
    const backend = sequenceBackend('joined', capabilities, joiningDevice({ before }), toyKernels);
    const store = await backend.createStore({ count: full([3], 1) });
    const executable = await backend.compile(doublingProgram());
    await expect(executable.run(store, { x: zeros([3]) }).done).rejects.toThrow('a thread died');
    fails = false;
    await executable.run(store, { x: zeros([3]) }).done;
    expect([...(await store.read('count')).data]).toEqual([2, 2, 2]);
  });

  it('that finds no memory is reported as such, and what was allocated is freed', async () => {
    const device = joiningDevice();
    const sequence = (): never => {
      throw new RangeError('no more');
    };
    const backend = sequenceBackend('joined', capabilities, { ...device, sequence }, toyKernels);
    await expect(backend.compile(doublingProgram())).rejects.toMatchObject({ code: 'backend.out-of-memory' });
    expect(device.counts.freed).toBe(device.counts.allocated);
  });
});
