// The factory, and what gpu.js gets wrong on its own: a test per trap.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';
import { BackendError, constant, full, ndarray, newTrace, run, sum, trace } from '@nn/core';
import type { Program } from '@nn/core';
import { describe, expect, it, vi } from 'vitest';
import { gpujsBackend } from './index.ts';
import { resized } from './testing/resizing.ts';
import { scenarios } from './testing/scenarios.ts';

describe('gpujsBackend', () => {
  it('names the mode', async () => {
    const backend = await gpujsBackend({ mode: 'cpu' });
    expect(backend.name).toBe('gpujs:cpu');
    await backend.dispose();
  });

  it('takes the best mode there is unless told, and says what it passed', async () => {
    const backend = await gpujsBackend();
    expect(backend.name).toMatch(/^gpujs:/);
    if (backend.name === 'gpujs:webasm') expect(backend.capabilities.notes?.join()).toMatch(/not webgpu: .*not webgl2: /s);
    await backend.dispose();
  });

  it('refuses modes and options that do not exist', async () => {
    await expect(gpujsBackend({ mode: 'gpu' as 'cpu' })).rejects.toThrow(/mode is 'gpu'.*webgpu/);
    // @ts-expect-error a count in place of a choice
    await expect(gpujsBackend({ threads: 2 })).rejects.toMatchObject({ code: 'config.invalid' });
    await expect(gpujsBackend({ memoryLimit: 0 })).rejects.toMatchObject({ code: 'config.invalid' });
  });

  it('says that a mode is missing, and why', async () => {
    await expect(gpujsBackend({ mode: 'webgl2' })).rejects.toThrow(BackendError);
    await expect(gpujsBackend({ mode: 'webgl2' })).rejects.toThrow('browsers only');
  });
});

it.each([
  ['cpu', 2 ** 100],
  ['webasm', Number.POSITIVE_INFINITY],
] as const)('says whether a kernel computes with more than 32 bits, as in mode %s', async (mode, expected) => {
  const backend = await gpujsBackend({ mode });
  const found = (await run(backend, (x) => x.mul(x).mul(2 ** -100), ndarray([2 ** 100]))).item();
  expect(found).toBe(Math.fround(expected));
  expect(backend.capabilities.notes?.join().includes('64 bits')).toBe(mode === 'cpu');
  await backend.dispose();
});

it('ends workers of programs that were left to it', async () => {
  const living = new Set<Worker>();
  const follow = (message: unknown): void => {
    const { worker } = message as { worker: Worker };
    living.add(worker);
    worker.on('exit', () => living.delete(worker));
  };
  subscribe('worker_threads', follow);
  const backend = await gpujsBackend({ mode: 'webasm' });
  const executable = await backend.compile(trace({ x: { shape: [256, 256], dtype: 'f32' } }, ({ x }) => ({ y: x.matmul(x) })));
  await executable.run(await backend.createStore({}), { x: full([256, 256], 0.1) }).done;
  unsubscribe('worker_threads', follow);
  if (backend.capabilities.threads > 1) expect(living.size).toBeGreaterThan(0);
  await backend.dispose();
  await vi.waitFor(() => expect(living.size).toBe(0), { timeout: 4000 });
});

describe.each(['cpu', 'webasm'] as const)('in mode %s', (mode) => {
  it('a long sum does not lose digits', async () => {
    const backend = await gpujsBackend({ mode });
    const tenths = full([100_000], 0.1);
    // One after the other, floats lose 1.4e-4 of it.
    const found = (await run(backend, (x) => sum(x), tenths)).item() / (100_000 * Math.fround(0.1));
    expect(Math.abs(found - 1)).toBeLessThan(2e-6);
    await backend.dispose();
  });

  it('kernels with the same text work on arrays of any length, in turns', async () => {
    const backend = await gpujsBackend({ mode });
    const store = await backend.createStore({});
    const doubled = (length: number): Program => trace({ x: { shape: [length], dtype: 'f32' } }, ({ x }) => ({ y: x.mul(2) }));
    const [short, long] = [await backend.compile(doubled(3)), await backend.compile(doubled(5))];
    for (let turn = 0; turn < 3; turn++) {
      expect([...(await short.run(store, { x: full([3], turn) }).read('y')).data]).toEqual([0, 0, 0].fill(2 * turn));
      expect([...(await long.run(store, { x: full([5], turn + 1) }).read('y')).data]).toEqual([0, 0, 0, 0, 0].fill(2 * turn + 2));
    }
    await backend.dispose();
  });

  it('kernels that read their own last results work on arrays of any length, in turns', async () => {
    expect(await scenarios.resizing(mode, 4)).toEqual(resized(4));
  });

  it('a program has as many results as it wants, of kernels with one each', async () => {
    const backend = await gpujsBackend({ mode });
    const program = trace({ x: { shape: [3], dtype: 'f32' } }, ({ x }) => ({ doubled: x.mul(2), total: x.sum(), largest: x.max() }));
    const outputs = (await backend.compile(program)).run(await backend.createStore({}), { x: ndarray([1, 5, 3]) });
    const found = await Promise.all(['doubled', 'total', 'largest'].map(async (name) => [...(await outputs.read(name)).data]));
    expect(found).toEqual([[2, 10, 6], [9], [5]]);
    await backend.dispose();
  });

  it('nothing that changes is frozen into a program: inputs, variables and what is written between runs', async () => {
    const backend = await gpujsBackend({ mode });
    const recording = newTrace();
    const program = recording.run(() => {
      const v = recording.readVariable('v', { shape: [2], dtype: 'f32' });
      const next = v.add(recording.input('x', { shape: [2], dtype: 'f32' })).add(constant(ndarray([10, 20])));
      recording.writeVariable('v', next);
      return recording.finish({ next });
    });
    const store = await backend.createStore({ v: ndarray([0, 0]) });
    const executable = await backend.compile(program);
    await executable.run(store, { x: ndarray([1, 2]) }).done;
    await executable.run(store, { x: ndarray([3, 4]) }).done;
    expect([...(await store.read('v')).data]).toEqual([24, 46]);
    store.write('v', ndarray([-24, -46]));
    await executable.run(store, { x: ndarray([0, 0]) }).done;
    expect([...(await store.read('v')).data]).toEqual([-14, -26]);
    await backend.dispose();
  });

  it('integers are exact up to 2^24, and as they were written whatever they are', async () => {
    const backend = await gpujsBackend({ mode });
    const large = ndarray([2 ** 24 - 1, -(2 ** 24)], { dtype: 'i32' });
    expect([...(await run(backend, (x) => x.add(1), large)).data]).toEqual([2 ** 24, 1 - 2 ** 24]);
    const largest = ndarray([2 ** 31 - 1, -(2 ** 31), 123_456_789], { dtype: 'i32' });
    const store = await backend.createStore({ largest });
    expect([...(await store.read('largest')).data]).toEqual([...largest.data]);
    expect(backend.capabilities.exactIntegers).toBe(false);
    await backend.dispose();
  });

  it('the report says how gpu.js runs every instruction', async () => {
    const backend = await gpujsBackend({ mode });
    const program = trace({ x: { shape: [4, 3], dtype: 'f32' } }, ({ x }) => ({ y: x.sum(0).exp() }));
    const executable = await backend.compile(program, { optimize: false });
    await executable.run(await backend.createStore({}), { x: full([4, 3], 1) }).done;
    const reasons = executable.report.filter(({ path }) => path === 'kernel').map(({ reason }) => reason);
    const expected = { cpu: 'a kernel in mode cpu', webasm: 'a pipeline of 2 in mode webasm, fused-sync' }[mode];
    expect(new Set(reasons)).toEqual(new Set([expected]));
    await backend.dispose();
  });
});
