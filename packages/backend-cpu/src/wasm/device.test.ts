// Buffers in the memory: their values, their limits, and that freed ones are used again.
import {
  add,
  allocateTyped,
  constant,
  dtypes,
  full,
  linear,
  matmul,
  mul,
  NdArray,
  ndarray,
  normalize,
  sequenceBackend,
  square,
  sum,
  trace,
  zeros,
} from '@nn/core';
import type { Program } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { InlineEngine } from '../pool/inlineEngine.ts';
import { WasmDevice } from './device.ts';
import { compileKernelModule } from './kernelModule.ts';
import { wasmKernels } from './kernels/table.ts';
import { createMemory } from './memory.ts';

const { module } = await compileKernelModule();
const newDevice = (memoryLimit?: number): { device: WasmDevice; memory: WebAssembly.Memory } => {
  const memory = createMemory();
  const engine = new InlineEngine(module, memory, 1, undefined);
  return { device: new WasmDevice(engine, { name: 'cpu', ...(memoryLimit === undefined ? {} : { memoryLimit }) }), memory };
};

describe('buffers', () => {
  it.each(dtypes)('hold %s', (dtype) => {
    const { device } = newDevice();
    const data = allocateTyped(dtype, 5);
    data.set([1, 0, 1, 0, 1]);
    const [from, to] = [device.allocate(dtype, 5), device.allocate(dtype, 5)];
    device.write(from, new NdArray(data, [5], dtype));
    device.copy(from, to);
    device.write(from, new NdArray(allocateTyped(dtype, 5), [5], dtype));
    const read = device.read(to, { shape: [5], dtype }) as NdArray;
    expect(read.dtype).toBe(dtype);
    expect([...read.data]).toEqual([1, 0, 1, 0, 1]);
    expect(read.data.buffer).toBeInstanceOf(ArrayBuffer);
  });

  it('round numbers of 64 bits', () => {
    const { device } = newDevice();
    const buffer = device.allocate('f32', 1);
    device.write(buffer, ndarray(new Float64Array([0.1])));
    expect((device.read(buffer, { shape: [1], dtype: 'f32' }) as NdArray).data[0]).toBe(Math.fround(0.1));
  });

  it('stay valid when the memory grows', () => {
    const { device, memory } = newDevice();
    const first = device.allocate('f32', 3);
    device.write(first, ndarray([1, 2, 3]));
    const before = memory.buffer.byteLength;
    const last = device.allocate('f32', 2 ** 24);
    expect(memory.buffer.byteLength).toBeGreaterThan(before);
    device.write(last, zeros([2 ** 24]));
    expect((device.read(first, { shape: [3], dtype: 'f32' }) as NdArray).toArray()).toEqual([1, 2, 3]);
  });

  it('beyond 2 GiB are reached', () => {
    const { device } = newDevice();
    const large = [device.allocate('u8', 2 ** 30), device.allocate('u8', 2 ** 30), device.allocate('u8', 2 ** 30)];
    const buffer = device.allocate('f32', 3);
    expect(buffer.pointer).toBeGreaterThan(2 ** 31);
    device.write(buffer, ndarray([1, 2, 3]));
    expect((device.read(buffer, { shape: [3], dtype: 'f32' }) as NdArray).toArray()).toEqual([1, 2, 3]);
    expect(() => device.allocate('u8', 2 ** 30)).toThrow(RangeError);
    device.free(large[0]!);
    expect(device.allocate('u8', 2 ** 30).pointer).toBe(large[0]!.pointer);
  });

  it('of thousands of programs in a row take no more memory than those of one', () => {
    const { device, memory } = newDevice();
    const lengths = [10, 100_000, 7, 50_000];
    const cycle = (): void => {
      const buffers = lengths.map((length) => device.allocate('f32', length));
      for (const buffer of buffers) device.free(buffer);
    };
    cycle();
    const { byteLength } = memory.buffer;
    for (let program = 0; program < 5000; program++) cycle();
    expect(memory.buffer.byteLength).toBe(byteLength);
  });

  it('keep to the limit together', () => {
    const { device } = newDevice(1024);
    const first = device.allocate('f32', 200);
    expect(() => device.allocate('f32', 51)).toThrow('832 of 1024 bytes are in use');
    device.free(first);
    expect(device.allocate('f32', 256)).toBeDefined();
  });
});

/** Products, which need a workspace, loops made for the program, constants, and a variable that is exchanged. */
function busyProgram(rows: number): Program {
  return trace({ x: { shape: [rows, 40], dtype: 'f32' } }, ({ x }, recording) => {
    const kernel = recording.readVariable('kernel', { shape: [40, 30], dtype: 'f32' });
    const bias = recording.readVariable('bias', { shape: [30], dtype: 'f32' });
    const y = linear(x, kernel, bias);
    const one = constant(full([1, 30], 1));
    const { y: normalized } = normalize(square(y), one, one, { axes: [0], epsilon: 1e-5 });
    const gradient = matmul(x, normalized, { transposeA: true });
    recording.writeVariable('kernel', add(kernel, mul(gradient, -0.1)));
    return { loss: sum(normalized) };
  });
}

describe('executable.memory', () => {
  it.each([1, 7, 600])('is what the memory gives for a program of %i rows, to the byte', async (rows) => {
    const { device } = newDevice();
    const capabilities = { precision: 'f32', strictFloat: true, subnormals: true, exactIntegers: true, threads: 1 } as const;
    const backend = sequenceBackend('cpu', capabilities, device, wasmKernels({ relaxed: false, wideTiles: false }));
    const store = await backend.createStore({ kernel: full([40, 30], 0.1), bias: zeros([30]) });
    const stored = device.held;
    expect(store.bytes).toBe(stored);
    const executable = await backend.compile(busyProgram(rows));
    const { parameters, retained, scratch } = executable.memory;
    expect(parameters).toBe(stored);
    expect(retained + scratch).toBe(device.held - stored);
    for (let step = 0; step < 3; step++) await executable.run(store, { x: full([rows, 40], 1) }).done;
    expect(device.held).toBe(stored + retained + scratch);
    await executable.dispose();
    expect(device.held).toBe(stored);
    await store.dispose();
    expect(device.held).toBe(0);
  });
});
