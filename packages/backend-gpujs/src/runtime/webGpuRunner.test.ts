// What a device reports later, and kernels that it builds meanwhile.
import { describe, expect, it } from 'vitest';
import { modes } from '../modes.ts';
import { gridOf } from '../source/grid.ts';
import { kernelSource } from '../source/stage.ts';
import type { Gpu, GpuKernelFunction, GpuLibrary, UncapturedError, WebGpuContext } from './gpu.ts';
import { WebGpuRunner } from './webGpuRunner.ts';

const { target } = modes.webgpu;
const zeros = kernelSource(target, gridOf([3], target.grid), 0, { statements: [], result: '0' });
const handle = { toArray: async () => new Float32Array(3), delete: () => {} };

/** A device that does what it is asked for when it is told to. */
function fakeDevice() {
  const listeners = new Set<(event: UncapturedError) => void>();
  const waiting: (() => void)[] = [];
  const context: WebGpuContext = {
    isLost: false,
    device: {
      queue: { onSubmittedWorkDone: () => new Promise<void>((resolve) => waiting.push(resolve)) },
      addEventListener: (_, listener) => listeners.add(listener),
      removeEventListener: (_, listener) => listeners.delete(listener),
    },
  };
  return {
    context,
    report: (message: string) => {
      for (const listener of listeners) listener({ error: { message, constructor: { name: 'GPUValidationError' } } });
    },
    /** Does the oldest work. */
    work: () => waiting.shift()!(),
  };
}

function fakeKernel(context: WebGpuContext, build: () => unknown): GpuKernelFunction {
  return Object.assign(async () => handle, { kernel: { constructor: {}, context, build }, setOutput: () => {}, destroy: () => {} });
}

function runnerOf(context: WebGpuContext): WebGpuRunner {
  const createKernel = (): GpuKernelFunction => fakeKernel(context, () => {});
  const gpu: Gpu = { context: null, createKernel, createPipeline: () => expect.fail(), destroy: async () => {} };
  const library: Pick<GpuLibrary, 'input'> = { input: (value, size) => ({ value, size }) };
  return new WebGpuRunner(library, gpu);
}

it('knows that a device is lost whose first kernel fails', async () => {
  const { context } = fakeDevice();
  const runner = runnerOf({ ...context, isLost: true });
  const lost = fakeKernel({ ...context, isLost: true }, () => {});
  const kernel = Object.assign(() => Promise.reject(new Error('lost')), { kernel: lost.kernel, setOutput: () => {}, destroy: () => {} });
  await expect(runner.call(kernel, [])).rejects.toThrow('lost');
  expect(() => runner.expectPresent()).toThrow('Make another backend');
});

describe('a device that tells of errors later', () => {
  it('fails all that is under way with what it reports, and nothing that was before or comes after', async () => {
    const { context, report, work } = fakeDevice();
    const runner = runnerOf(context);
    await runner.call(
      fakeKernel(context, () => {}),
      [],
    );
    const before = runner.finish();
    work();
    await before;
    report('an error of another backend, which has the same device');
    const [first, second] = [runner.finish(), runner.finish()];
    const other = runner.during(second.catch(() => 'a run that is being started'));
    report('no memory');
    work();
    await expect(first).rejects.toThrow('The WebGPU device reports: no memory');
    work();
    await expect(second).rejects.toThrow('no memory');
    await expect(other).rejects.toThrow('no memory');
    const third = runner.finish();
    work();
    await expect(third).resolves.toBeUndefined();
  });

  it('gives no values that were read while it reported something', async () => {
    const { context, report, work } = fakeDevice();
    const runner = runnerOf(context);
    await runner.call(
      fakeKernel(context, () => {}),
      [],
    );
    const [values, finished] = [runner.read(handle, 3), runner.finish()];
    report('no memory');
    work();
    await expect(values).rejects.toThrow('no memory');
    await expect(finished).rejects.toThrow('no memory');
  });
});

it('has not finished while it builds a kernel, whether that succeeds or not', async () => {
  const { context } = fakeDevice();
  const runner = runnerOf(context);
  const ends: (() => void)[] = [];
  runner.prepare(
    fakeKernel(context, () => new Promise<void>((resolve) => ends.push(resolve))),
    zeros,
  );
  runner.prepare(
    fakeKernel(context, () => new Promise<void>((_, reject) => ends.push(() => reject(new Error('refused'))))),
    zeros,
  );
  let finished = false;
  const finishing = runner.finish().then(() => (finished = true));
  ends.pop()!();
  await new Promise((resolve) => setTimeout(resolve));
  expect(finished).toBe(false);
  ends.pop()!();
  await finishing;
  expect(finished).toBe(true);
});
