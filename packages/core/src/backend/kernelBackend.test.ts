// The contract of backends, on a toy device: stores, runs, reports, fallbacks, memory and disposal.
import { describe, expect, it } from 'vitest';
import type { TypedArray } from '../array/dtype.ts';
import { full, ndarray, zeros } from '../array/ndarray.ts';
import type { NdArray } from '../array/ndarray.ts';
import { BackendError, ConfigError, DataError, DisposedError, DTypeError, FormatError, ShapeError } from '../errors/errors.ts';
import { add, mul } from '../ops/elementwise.ts';
import { sum } from '../ops/reductions.ts';
import { constant, reshape } from '../ops/shaping.ts';
import { linear } from '../ops/composites/linear.ts';
import { trace } from '../ops/trace.ts';
import type { Program } from '../program/program.ts';
import type { Tensor } from '../program/tensor.ts';
import type { Backend } from './contract.ts';
import { hostDevice } from './hostDevice.ts';
import { kernelBackend } from './kernelBackend.ts';
import { capabilities, countingDevice, lateDevice, toyKernels } from './testing/toyBackend.ts';
import type { LateDevice } from './testing/toyBackend.ts';

const vector = { shape: [3], dtype: 'f32' } as const;
const toy = (): Backend => kernelBackend('toy', capabilities, countingDevice(), toyKernels);
const values = (array: NdArray): number[] => [...array.data];

/** count := count + 1; output = 2 x + count */
function countingProgram(): Program {
  return trace({ x: vector }, ({ x }, recording) => {
    const count = recording.readVariable('count', vector);
    recording.writeVariable('count', add(count, 1));
    return { y: add(mul(x, 2), count) };
  });
}

describe('stores', () => {
  it('hold copies, which read and write go by', async () => {
    const store = await toy().createStore({ a: ndarray([1, 2, 3]), n: ndarray(new Int32Array([7])) });
    expect(store.names).toEqual(['a', 'n']);
    expect(store.bytes).toBe(3 * 8 + 4);
    const first = await store.read('a');
    first.data[0] = 99;
    const next = ndarray([4, 5, 6]);
    store.write('a', next);
    next.data[0] = 99;
    expect(values(await store.read('a'))).toEqual([4, 5, 6]);
  });

  it('refuse names, shapes, types and things that are no arrays', async () => {
    const backend = toy();
    const store = await backend.createStore({ kernel: ndarray([1, 2, 3]) });
    await expect(store.read('kernle')).rejects.toThrow(/no variable "kernle".* Did you mean "kernel"\?/);
    expect(() => store.write('bias', ndarray([1]))).toThrow(ConfigError);
    expect(() => store.write('kernel', ndarray([1, 2]))).toThrow(/variable "kernel" is f32\[2\], but the store holds f32\[3\]/);
    expect(() => store.write('kernel', ndarray(new Int32Array(3)))).toThrow(DTypeError);
    // @ts-expect-error a typed array is no NdArray; from plain JavaScript it comes all the same
    expect(() => store.write('kernel', new Float32Array(3))).toThrow(/is an object of class Float32Array, but an NdArray is needed/);
    // @ts-expect-error nor is undefined
    await expect(backend.createStore({ a: undefined })).rejects.toThrow(ConfigError);
    // @ts-expect-error nor is an object without a class
    await expect(backend.createStore({ a: Object.create(null) as object })).rejects.toThrow(ConfigError);
    expect(values(await store.read('kernel'))).toEqual([1, 2, 3]);
  });

  it.each([5, null, undefined, 'kernel', [], new Map()])('are not made of %s', async (variables) => {
    // @ts-expect-error only a record has names; of the others, some would make an empty store
    await expect(toy().createStore(variables)).rejects.toThrow(/^createStore takes its variables as an object/);
  });

  it('refuse an array whose buffer was transferred', async () => {
    const store = await toy().createStore({ a: zeros([3]) });
    const array = zeros([3]);
    structuredClone(array.data.buffer, { transfer: [array.data.buffer] });
    expect(() => store.write('a', array)).toThrow(DataError);
  });
});

describe('runs', () => {
  it('read the variables, write them back and stage the outputs', async () => {
    const backend = toy();
    const store = await backend.createStore({ count: zeros([3]) });
    const executable = await backend.compile(countingProgram());
    const x = ndarray([1, 2, 3]);
    const first = executable.run(store, { x });
    x.data.fill(0);
    const second = executable.run(store, { x });
    await second.done;
    expect(values(await first.read('y'))).toEqual([2, 4, 6]);
    expect(values(await second.read('y'))).toEqual([1, 1, 1]);
    expect(values(await store.read('count'))).toEqual([2, 2, 2]);
  });

  it('go by the store they are given', async () => {
    const backend = toy();
    const [a, b] = [await backend.createStore({ count: zeros([3]) }), await backend.createStore({ count: full([3], 10) })];
    const executable = await backend.compile(countingProgram());
    const inputs = { x: zeros([3]) };
    const outputs = [a, b, a].map((store) => executable.run(store, inputs));
    expect(await Promise.all(outputs.map(async (output) => (await output.read('y')).data[0]))).toEqual([0, 10, 1]);
  });

  it('refuse inputs and variables that are not what the program declares', async () => {
    const backend = toy();
    const executable = await backend.compile(countingProgram());
    const store = await backend.createStore({ count: zeros([3]) });
    const run = (inputs: Record<string, NdArray>) => () => executable.run(store, inputs);
    expect(run({})).toThrow(/input "x" was not given/);
    expect(run({ x: zeros([3]), X: zeros([3]) })).toThrow(/no input "X".* Did you mean "x"\?/);
    expect(run({ x: zeros([4]) })).toThrow(/Input "x" is f32\[4\], but the program was compiled for f32\[3\]/);
    expect(run({ x: zeros([4]) })).toThrow(ShapeError);
    expect(run({ x: zeros([3], 'i32') })).toThrow(DTypeError);
    expect(values(await store.read('count'))).toEqual([0, 0, 0]);
    const withoutCount = await backend.createStore({ counts: zeros([3]) });
    expect(() => executable.run(withoutCount, { x: zeros([3]) })).toThrow(/no variable "count".* Did you mean "counts"\?/);
    const otherShape = await backend.createStore({ count: zeros([2]) });
    expect(() => executable.run(otherShape, { x: zeros([3]) })).toThrow(ShapeError);
    await expect(executable.run(store, { x: zeros([3]) }).read('z')).rejects.toThrow(/no output "z"/);
  });

  it('refuse the store of another backend', async () => {
    const executable = await toy().compile(countingProgram());
    const foreign = await toy().createStore({ count: zeros([3]) });
    expect(() => executable.run(foreign, { x: zeros([3]) })).toThrow(/made by another backend/);
  });

  it('exchange two variables', async () => {
    const backend = toy();
    const program = trace({}, (_, recording) => {
      const [a, b] = [recording.readVariable('a', vector), recording.readVariable('b', vector)];
      recording.writeVariable('a', b);
      recording.writeVariable('b', a);
      return { a };
    });
    const store = await backend.createStore({ a: full([3], 1), b: full([3], 2) });
    const outputs = (await backend.compile(program)).run(store, {});
    expect(values(await outputs.read('a'))).toEqual([1, 1, 1]);
    expect(values(await store.read('a'))).toEqual([2, 2, 2]);
    expect(values(await store.read('b'))).toEqual([1, 1, 1]);
  });

  it('see one buffer under several shapes, also as output and as new value', async () => {
    const backend = toy();
    const program = trace({ x: { shape: [2, 2], dtype: 'f32' } }, ({ x }, recording) => {
      const kept = recording.readVariable('kept', { shape: [4], dtype: 'f32' });
      const flat = reshape(x, [4]);
      recording.writeVariable('kept', flat);
      return { flat, sum: add(flat, kept), back: reshape(reshape(kept, [2, 2]), [1, 4]) };
    });
    const store = await backend.createStore({ kept: full([4], 10) });
    const executable = await backend.compile(program);
    const outputs = executable.run(store, {
      x: ndarray([
        [1, 2],
        [3, 4],
      ]),
    });
    expect(values(await outputs.read('flat'))).toEqual([1, 2, 3, 4]);
    expect(values(await outputs.read('sum'))).toEqual([11, 12, 13, 14]);
    expect((await outputs.read('back')).shape).toEqual([1, 4]);
    expect(values(await outputs.read('back'))).toEqual([10, 10, 10, 10]);
    expect(values(await store.read('kept'))).toEqual([1, 2, 3, 4]);
  });

  it('leave the store as it was when a kernel fails, and say which one', async () => {
    let fails = false;
    const kernels = {
      ...toyKernels,
      reduce: () => () => {
        if (fails) throw new Error('the device caught fire');
      },
    };
    const backend = kernelBackend('toy', capabilities, countingDevice(), kernels);
    const program = trace({ x: vector }, ({ x }, recording) => {
      recording.writeVariable('count', add(recording.readVariable('count', vector), 1));
      return recording.within('dense1', () => sum(x));
    });
    const store = await backend.createStore({ count: zeros([3]) });
    const executable = await backend.compile(program);
    fails = true;
    const outputs = executable.run(store, { x: zeros([3]) });
    await expect(outputs.done).rejects.toThrow('dense1 (reduce) failed on backend "toy": Error: the device caught fire');
    await expect(outputs.read('output')).rejects.toThrow(BackendError);
    expect(values(await store.read('count'))).toEqual([0, 0, 0]);
    fails = false;
    await executable.run(store, { x: zeros([3]) }).done;
    expect(values(await store.read('count'))).toEqual([1, 1, 1]);
  });

  it('allocate nothing and upload no constant again', async () => {
    const device = countingDevice();
    const backend = kernelBackend('toy', capabilities, device, toyKernels);
    const program = trace({ x: vector }, ({ x }) => ({ y: add(mul(x, x), constant(ndarray([1, 2, 3]))) }));
    const store = await backend.createStore({});
    const executable = await backend.compile(program);
    const { allocated, written } = { ...device.counts };
    for (let run = 0; run < 5; run++)
      expect(values(await executable.run(store, { x: full([3], run) }).read('y'))).toEqual([1, 2, 3].map((c) => run * run + c));
    expect(device.counts.allocated).toBe(allocated);
    expect(device.counts.written).toBe(written + 5);
  });
});

/** Lets a device do what was noted until `work` is done; never may more than two runs be in flight. */
async function releaseUntil(work: Promise<unknown>, device: LateDevice): Promise<void> {
  const state = { ended: false };
  void work.finally(() => (state.ended = true));
  while (!state.ended) {
    expect(device.unfinished).toBeLessThanOrEqual(2);
    device.release();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

describe('devices that work late', () => {
  it('have two runs in flight and keep the inputs of the third', async () => {
    const device = lateDevice();
    const backend = kernelBackend('late', capabilities, device, device.kernels);
    const store = await backend.createStore({ count: zeros([3]) });
    const executable = await backend.compile(countingProgram());
    const x = ndarray([1, 2, 3]);
    const outputs = [0, 1, 2, 3].map((run) => {
      x.data.fill(run);
      return executable.run(store, { x });
    });
    await Promise.resolve();
    expect(device.unfinished).toBe(2);
    const finished = Promise.all(outputs.map((output) => output.done));
    await releaseUntil(finished, device);
    expect(await Promise.all(outputs.map(async (output) => (await output.read('y')).data[0]))).toEqual([0, 3, 6, 9]);
  });

  it('write a variable after the runs that were asked for before', async () => {
    const device = lateDevice();
    const backend = kernelBackend('late', capabilities, device, device.kernels);
    const store = await backend.createStore({ count: zeros([3]) });
    const executable = await backend.compile(countingProgram());
    const outputs = [1, 2, 3].map(() => executable.run(store, { x: zeros([3]) }));
    store.write('count', full([3], 100));
    const read = store.read('count');
    const settled = Promise.all([read, ...outputs.map((output) => output.done)]);
    await releaseUntil(settled, device);
    expect(values(await read)).toEqual([100, 100, 100]);
  });
});

describe('devices that pause', () => {
  it('let other work of the thread go between kernels, and runs keep their order and inputs', async () => {
    const log: string[] = [];
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
    const kernels = {
      ...toyKernels,
      map: (call: Parameters<typeof toyKernels.map>[0]) => {
        const run = toyKernels.map(call);
        return (...buffers: Parameters<typeof run>) => {
          log.push('kernel');
          run(...buffers);
        };
      },
    };
    const backend = kernelBackend('page', capabilities, hostDevice({ f32: Float64Array, pause }), kernels);
    const store = await backend.createStore({ count: zeros([3]) });
    const executable = await backend.compile(countingProgram());
    const timer = setInterval(() => log.push('page'), 0);
    const x = ndarray([1, 1, 1]);
    const outputs = [1, 2, 3].map((run) => {
      x.data.fill(run);
      return executable.run(store, { x });
    });
    expect(await Promise.all(outputs.map(async (output) => (await output.read('y')).data[0]))).toEqual([2, 5, 8]);
    clearInterval(timer);
    expect(values(await store.read('count'))).toEqual([3, 3, 3]);
    expect(log.indexOf('page')).toBeGreaterThan(0);
    expect(log.indexOf('page')).toBeLessThan(log.lastIndexOf('kernel'));
  });
});

describe('fallback', () => {
  const { reduce: _reduce, ...withoutReduce } = toyKernels;

  it('runs what has no kernel, and the report says so', async () => {
    const fallback = toy();
    const backend = kernelBackend('partial', capabilities, countingDevice(), withoutReduce, { fallback });
    const program = trace({ x: vector }, ({ x }, recording) => {
      const total = recording.readVariable('total', { shape: [], dtype: 'f32' });
      const next = add(total, mul(sum(mul(x, 2)), 10));
      recording.writeVariable('total', next);
      return { next };
    });
    const store = await backend.createStore({ total: zeros([]) });
    const executable = await backend.compile(program);
    const x = ndarray([1, 2, 3]);
    const outputs = [1, 2, 3].map(() => executable.run(store, { x }));
    x.data.fill(0);
    expect(await Promise.all(outputs.map(async (output) => (await output.read('next')).item()))).toEqual([120, 240, 360]);
    const paths = Object.fromEntries(executable.report.map((row) => [program.instrs[row.instr]!.op, row]));
    expect(paths.reduce).toMatchObject({ path: 'fallback', reason: 'no kernel for reduce: run by "toy"' });
    expect(executable.report[0]).toMatchObject({ path: 'kernel' });
    await backend.dispose();
    await expect(fallback.createStore({})).resolves.toBeDefined();
  });

  it('is missing only where the types were overruled', async () => {
    const backend = kernelBackend('partial', capabilities, countingDevice(), withoutReduce as typeof toyKernels);
    await expect(backend.compile(trace({ x: vector }, ({ x }) => sum(x)))).rejects.toThrow(/no kernel for reduce and no fallback/);
  });
});

describe('reports', () => {
  it('say what was fused, decomposed, eliminated and merely renamed', async () => {
    const program = trace({ x: vector }, ({ x }) => {
      mul(x, 5);
      const chained = add(mul(x, 2), 1);
      return { y: reshape(chained, [3, 1]), s: sum(chained) };
    });
    const { report } = await toy().compile(program);
    expect(report.map(({ instr, path }) => [program.instrs[instr]!.op, path])).toEqual([
      ['map', 'eliminated'],
      ['map', 'fused'],
      ['map', 'fused'],
      ['reshape', 'eliminated'],
      ['reduce', 'kernel'],
      ['reshape', 'eliminated'],
    ]);
    expect(report[3]!.reason).toBe('the same buffer under another shape');
    const asGiven = await toy().compile(program, { optimize: false });
    expect(asGiven.report.map(({ path }) => path)).toEqual(['kernel', 'kernel', 'kernel', 'eliminated', 'kernel', 'eliminated']);
  });

  it('name composites that were decomposed, and the backend tells which it keeps', async () => {
    const matrix = { shape: [3, 3], dtype: 'f32' } as const;
    const kernels = { ...toyKernels, matmul: () => () => {} };
    const program = trace({ x: matrix }, ({ x }) => linear(x, x));
    const decomposing = kernelBackend('toy', capabilities, countingDevice(), kernels);
    expect((await decomposing.compile(program)).report).toEqual([{ instr: 0, path: 'kernel', reason: 'decomposed' }]);
    expect(decomposing.keeps(program.instrs[0]!, program.slots)).toBe(false);
    const withLinear = { ...kernels, linear: () => () => {} };
    const keeping = kernelBackend('toy', capabilities, countingDevice(), withLinear);
    expect((await keeping.compile(program)).report).toEqual([{ instr: 0, path: 'kernel' }]);
    expect(keeping.keeps(program.instrs[0]!, program.slots)).toBe(true);
    const choosy = kernelBackend('toy', capabilities, countingDevice(), withLinear, { keeps: (_, slots) => slots[0]!.shape[0]! > 9 });
    expect((await choosy.compile(program)).report).toEqual([{ instr: 0, path: 'kernel', reason: 'decomposed' }]);
    expect(choosy.keeps(program.instrs[0]!, program.slots)).toBe(false);
  });
});

describe('memory', () => {
  it('figures count variables, what is held between runs and working memory', async () => {
    const program = trace({ x: vector }, ({ x }, recording) => {
      const w = recording.readVariable('w', vector);
      recording.writeVariable('w', add(mul(w, x), constant(full([3], 1))));
      return {};
    });
    expect((await toy().compile(program)).memory).toEqual({ parameters: 24, retained: 48, scratch: 24 });
  });

  it('figures are the bytes that compiling allocates, whatever happens to the variables', async () => {
    const device = countingDevice();
    const backend = kernelBackend('toy', capabilities, device, toyKernels);
    const store = await backend.createStore({ a: zeros([3]), b: zeros([3]), c: zeros([3]) });
    const stored = device.counts.bytes;
    // a takes b's value, b a new one, and c the same new one.
    const program = trace({ x: vector }, ({ x }, recording) => {
      const [a, b, c] = ['a', 'b', 'c'].map((name) => recording.readVariable(name, vector)) as [Tensor, Tensor, Tensor];
      const next = add(mul(a, x), mul(b, c));
      recording.writeVariable('a', b);
      recording.writeVariable('b', next);
      recording.writeVariable('c', next);
      return { y: add(next, constant(full([3], 1))) };
    });
    const executable = await backend.compile(program);
    const { parameters, retained, scratch } = executable.memory;
    expect(parameters).toBe(stored);
    expect(store.bytes).toBe(stored);
    expect(retained + scratch).toBe(device.counts.bytes - stored);
    for (let step = 0; step < 3; step++) await executable.run(store, { x: zeros([3]) }).done;
    expect(device.counts.bytes).toBe(stored + retained + scratch);
    await executable.dispose();
    expect(device.counts.bytes).toBe(stored);
  });

  it('beyond the limit is refused before anything is allocated, naming what is large', async () => {
    const device = countingDevice({ memoryLimit: 2 ** 20 });
    const backend = kernelBackend('toy', capabilities, device, toyKernels);
    const large = { shape: [2 ** 20], dtype: 'f32' } as const;
    const program = trace({ x: large }, ({ x }, recording) => recording.within('dense1', () => sum(x)));
    await expect(backend.compile(program)).rejects.toThrow(
      /cannot hold 8 MiB: its limit is 1 MiB\. Largest: input "x" f32\[1048576\] \(8 MiB\)/,
    );
    await expect(backend.createStore({ w: zeros([2 ** 18]) })).rejects.toMatchObject({ code: 'backend.out-of-memory' });
    expect(device.counts.allocated).toBe(0);
    await expect(backend.createStore({ w: zeros([3]) })).resolves.toBeDefined();
  });

  it('that the engine refuses is an error of the same kind, and what was allocated is freed', async () => {
    const device = countingDevice();
    const backend = kernelBackend(
      'toy',
      capabilities,
      { ...device, allocate: failAfter(2, (dtype, length) => device.allocate(dtype, length)) },
      toyKernels,
    );
    await expect(backend.createStore({ a: zeros([1]), b: zeros([9]), c: zeros([1]) })).rejects.toThrow(
      /allocation failed\. Largest: b f32\[9\]/,
    );
    expect(device.counts).toMatchObject({ allocated: 2, freed: 2 });
  });

  it('that a kernel needs for itself, or an output, is no less an error of that kind', async () => {
    const exhausted = (): never => {
      throw new RangeError('Array buffer allocation failed');
    };
    const program = trace({ x: vector }, ({ x }, recording) => recording.within('dense1', () => sum(x)));
    const greedy = kernelBackend('toy', capabilities, countingDevice(), { ...toyKernels, reduce: exhausted });
    await expect(greedy.compile(program)).rejects.toThrow('Backend "toy" has no memory left for dense1 (reduce)');
    const mute = kernelBackend('toy', capabilities, { ...countingDevice(), read: exhausted }, toyKernels);
    const outputs = (await mute.compile(program)).run(await mute.createStore({}), { x: zeros([3]) });
    await expect(outputs.done).rejects.toMatchObject({ code: 'backend.out-of-memory' });
  });
});

/** Allocation that runs out of memory after some buffers, as typed array constructors do. */
function failAfter(count: number, allocate: (dtype: 'f32' | 'i32' | 'u8' | 'bool', length: number) => TypedArray): typeof allocate {
  let left = count;
  return (dtype, length) => {
    if (left-- === 0) throw new RangeError('Array buffer allocation failed');
    return allocate(dtype, length);
  };
}

describe('compile', () => {
  it('refuses a program that is not valid', async () => {
    const program = countingProgram();
    await expect(toy().compile({ ...program, outputs: { y: 99 } })).rejects.toThrow(FormatError);
  });

  it('stops at an abort signal', async () => {
    const aborted = AbortSignal.abort(new Error('changed my mind'));
    await expect(toy().compile(countingProgram(), { signal: aborted })).rejects.toThrow('changed my mind');
  });

  it('frees its buffers when a kernel cannot be prepared', async () => {
    const device = countingDevice();
    const kernels = {
      ...toyKernels,
      reduce: () => {
        throw new BackendError('too many axes', 'backend.unsupported');
      },
    };
    const backend = kernelBackend('toy', capabilities, device, kernels);
    await expect(backend.compile(trace({ x: vector }, ({ x }) => sum(x)))).rejects.toThrow('too many axes');
    expect(device.counts.freed).toBe(device.counts.allocated);
  });
});

describe('dispose', () => {
  it('frees everything once, and use afterwards names what was disposed', async () => {
    const device = countingDevice();
    const backend = kernelBackend('toy', capabilities, device, toyKernels);
    const store = await backend.createStore({ count: zeros([3]) });
    const executable = await backend.compile(countingProgram());
    const outputs = executable.run(store, { x: zeros([3]) });
    await Promise.all([executable.dispose(), executable.dispose()]);
    expect(() => executable.run(store, { x: zeros([3]) })).toThrow(new DisposedError('run: the executable was disposed.'));
    expect(values(await outputs.read('y'))).toEqual([0, 0, 0]);
    const other = await backend.compile(countingProgram());
    await store.dispose();
    await store.dispose();
    expect(store.bytes).toBe(0);
    expect(() => other.run(store, { x: zeros([3]) })).toThrow(new DisposedError('run: the store was disposed.'));
    expect(() => store.write('count', zeros([3]))).toThrow(DisposedError);
    await expect(store.read('count')).rejects.toThrow('read("count"): the store was disposed.');
    await other.dispose();
    expect(device.counts.freed).toBe(device.counts.allocated);
  });

  it('of the backend ends what it made', async () => {
    const backend = toy();
    const store = await backend.createStore({ count: zeros([3]) });
    const executable = await backend.compile(countingProgram());
    await backend.dispose();
    await backend.dispose();
    expect(() => executable.run(store, { x: zeros([3]) })).toThrow('run: the backend "toy" was disposed.');
    await expect(store.read('count')).rejects.toThrow(DisposedError);
    await expect(backend.compile(countingProgram())).rejects.toThrow(DisposedError);
    await expect(backend.createStore({})).rejects.toThrow(DisposedError);
    await Promise.all([store.dispose(), executable.dispose()]);
  });
});
