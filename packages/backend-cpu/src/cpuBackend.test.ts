// The backend as a whole: training next to the reference, order of runs, memory and disposal.
import {
  add,
  ConfigError,
  elementwise,
  full,
  gather,
  gradients,
  identicalArrays,
  linear,
  mean,
  mul,
  ndarray,
  normalize,
  scalar,
  softmaxCrossEntropy,
  sub,
  sum,
  trace,
  zeros,
} from '@nn/core';
import type { Backend, NdArray, Program } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { cpuBackend } from './index.ts';
import { arrayOf, cpu, expectClose, reference } from './testing/compare.ts';

const [samples, features, hidden, classes, batch] = [40, 6, 8, 3, 10];
const parameters = ['dense1/kernel', 'norm/gamma', 'norm/beta', 'dense2/kernel', 'dense2/bias'];

/** A data set as bytes on the device, and the parameters of two layers with a normalization between them. */
function variables(): Record<string, NdArray> {
  return {
    pixels: arrayOf([samples, features], 'u8', 1),
    labels: ndarray(Int32Array.from({ length: samples }, (_, index) => index % classes)),
    'dense1/kernel': arrayOf([features, hidden], 'f32', 2),
    'norm/gamma': full([1, hidden], 1),
    'norm/beta': zeros([1, hidden]),
    'dense2/kernel': arrayOf([hidden, classes], 'f32', 3),
    'dense2/bias': zeros([classes]),
  };
}

/** One step of gradient descent on the samples at `indices`. */
function trainingStep(): Program {
  const specs = variables();
  return trace({ indices: { shape: [batch], dtype: 'i32' } }, ({ indices }, recording) => {
    const variable = (name: string) => recording.readVariable(name, specs[name]!);
    const x = elementwise((pixel) => scalar.div(pixel, 255), gather(variable('pixels'), indices));
    const normalized = normalize(linear(x, variable('dense1/kernel')), variable('norm/gamma'), variable('norm/beta'), {
      axes: [0],
      epsilon: 1e-5,
    });
    const logits = linear(elementwise(scalar.relu, normalized.y), variable('dense2/kernel'), variable('dense2/bias'));
    const loss = mean(softmaxCrossEntropy(logits, gather(variable('labels'), indices)));
    gradients(loss, parameters.map(variable)).forEach((gradient, index) => {
      recording.writeVariable(parameters[index]!, sub(variable(parameters[index]!), mul(gradient, 0.5)));
    });
    return { loss };
  });
}

/** Trains for some steps; returns the losses and the parameters afterwards. */
async function train(backend: Backend, steps: number): Promise<NdArray[]> {
  const store = await backend.createStore(variables());
  const executable = await backend.compile(trainingStep());
  const losses = [];
  for (let step = 0; step < steps; step++) {
    const indices = ndarray(Int32Array.from({ length: batch }, (_, row) => (step * 7 + row * 3) % samples));
    losses.push(await executable.run(store, { indices }).read('loss'));
  }
  return [...losses, ...(await Promise.all(parameters.map((name) => store.read(name))))];
}

describe('training', () => {
  it('follows the reference over 20 steps', async () => {
    const [expected, actual] = await Promise.all([train(reference, 20), train(cpu, 20)]);
    expect(expected[19]!.item()).toBeLessThan(expected[0]!.item() / 2);
    expected.forEach((array, index) => expectClose(actual[index]!, array, { relative: 1e-5, absolute: 1e-5 }));
  });

  it('gives the same bits twice', async () => {
    const [first, second] = await Promise.all([train(await cpuBackend(), 5), train(await cpuBackend(), 5)]);
    expect(first.every((array, index) => identicalArrays(array, second[index]!))).toBe(true);
  });

  it('runs products, normalizations and losses as kernels of their own', async () => {
    const program = trainingStep();
    const { report } = await cpu.compile(program);
    expect(report.filter(({ reason }) => reason === 'decomposed')).toEqual([]);
    expect(report.some(({ path }) => path === 'fallback')).toBe(false);
  });
});

describe('runs', () => {
  const counting = trace({ x: { shape: [2], dtype: 'f32' } }, ({ x }, recording) => {
    const count = recording.readVariable('count', { shape: [2], dtype: 'f32' });
    recording.writeVariable('count', add(count, x));
    return { y: add(count, x) };
  });

  it('take effect in order without being awaited, and leave the inputs to the caller', async () => {
    const store = await cpu.createStore({ count: zeros([2]) });
    const executable = await cpu.compile(counting);
    const x = ndarray([1, 10]);
    const outputs = [1, 2, 3, 4].map((run) => {
      x.data.fill(run);
      return executable.run(store, { x });
    });
    x.data.fill(99);
    expect(await Promise.all(outputs.map(async (output) => (await output.read('y')).data[0]))).toEqual([1, 3, 6, 10]);
    expect((await store.read('count')).toArray()).toEqual([10, 10]);
  });

  it('hold the same memory whatever their number', async () => {
    const store = await cpu.createStore({ count: zeros([2]) });
    const executable = await cpu.compile(counting);
    const before = [store.bytes, { ...executable.memory }];
    for (let run = 0; run < 1000; run++) await executable.run(store, { x: ndarray([1, 1]) }).done;
    expect([store.bytes, { ...executable.memory }]).toEqual(before);
  });

  it('after disposal are refused by name', async () => {
    const backend = await cpuBackend();
    const store = await backend.createStore({ count: zeros([2]) });
    const executable = await backend.compile(counting);
    const outputs = executable.run(store, { x: ndarray([1, 2]) });
    await executable.dispose();
    expect((await outputs.read('y')).toArray()).toEqual([1, 2]);
    expect(() => executable.run(store, { x: ndarray([1, 2]) })).toThrow('run: the executable was disposed.');
    await backend.dispose();
    await expect(store.read('count')).rejects.toThrow('read("count"): the backend "cpu" was disposed.');
  });
});

describe('memory', () => {
  it('of 2^40 bytes is refused up front, and the backend goes on', async () => {
    const gigabytes = { shape: [2 ** 30], dtype: 'f32' } as const;
    const names = Array.from({ length: 256 }, (_, index) => `x${index}`);
    const program = trace(Object.fromEntries(names.map((name) => [name, gigabytes])), (inputs) => sum(inputs['x7']!));
    const backend = await cpuBackend();
    await expect(backend.compile(program)).rejects.toThrow(
      /Backend "cpu" cannot hold 1 TiB: its limit is 4 GiB\. Largest: input "x0" f32\[1073741824\] \(4 GiB\)/,
    );
    await expect(backend.createStore({ kernel: zeros([3]) })).resolves.toBeDefined();
  });

  it('has a limit that can be chosen', async () => {
    const backend = await cpuBackend({ memoryLimit: 128 });
    await expect(backend.createStore({ kernel: zeros([33]) })).rejects.toMatchObject({ code: 'backend.out-of-memory' });
    await expect(backend.createStore({ kernel: zeros([32]) })).resolves.toBeDefined();
    await expect(cpuBackend({ memoryLimit: Number.NaN })).rejects.toThrow(ConfigError);
    await expect(cpuBackend({ threads: 0 })).rejects.toThrow('cpuBackend: threads is 0, but an integer from 1 to 64 is needed.');
    // @ts-expect-error a misspelled option
    await expect(cpuBackend({ memorylimit: 100 })).rejects.toThrow('cpuBackend has no option "memorylimit". Did you mean "memoryLimit"?');
  });
});
