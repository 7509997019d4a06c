// What becomes of a program that gpu.js does not run, or not in the mode that was asked for.
import { full, ndarray, sequenceBackend, trace } from '@nn/core';
import type { Backend, Warning } from '@nn/core';
import { describe, expect, it } from 'vitest';
import { gpuKernels } from '../kernels/table.ts';
import { modes } from '../modes.ts';
import { loadGpuLibrary } from '../vendor/loadGpuLibrary.ts';
import type { Gpu, GpuPipelineFunction } from './gpu.ts';
import { wasmDevice } from './start.ts';

/** Says that it runs as plain JavaScript. */
const degrade = (pipeline: GpuPipelineFunction): GpuPipelineFunction =>
  Object.assign((...values: Parameters<GpuPipelineFunction>) => pipeline(...values), {
    backend: 'cpu',
    executorKind: 'generic',
    fallbackReason: 'the weather',
    destroy: () => pipeline.destroy(),
  });

/** A backend with other pipelines than those of gpu.js. */
async function backendWith(
  change: (pipeline: GpuPipelineFunction) => GpuPipelineFunction,
  mayFallBack: boolean,
  warnings: Warning[],
): Promise<Backend> {
  const library = await loadGpuLibrary();
  const real = new library.GPU({ mode: 'webasm' });
  const gpu: Gpu = {
    context: null,
    createKernel: (source, settings) => real.createKernel(source, settings),
    createPipeline: (orchestration, settings) => change(real.createPipeline(orchestration, settings)),
    destroy: () => real.destroy(),
  };
  const device = wasmDevice({
    library,
    gpu,
    mode: 'webasm',
    name: 'gpujs:webasm',
    memoryLimit: 2 ** 20,
    mayFallBack,
    threads: false,
    warn: (warning) => warnings.push(warning),
  });
  return sequenceBackend('gpujs:webasm', { ...modes.webasm.capabilities, threads: 1 }, device, gpuKernels(modes.webasm.target));
}

async function runTwice(backend: Backend): Promise<number[]> {
  const program = trace({ x: { shape: [2], dtype: 'f32' } }, ({ x }) => ({ y: x.mul(3) }));
  const [store, executable] = [await backend.createStore({}), await backend.compile(program)];
  await executable.run(store, { x: ndarray([1, 2]) }).done;
  const result = await executable.run(store, { x: ndarray([1, 2]) }).read('y');
  expect(executable.report[0]!.reason).toBe('a pipeline of 1 in mode cpu, generic (the weather)');
  return [...result.data];
}

describe('a program that gpu.js runs as plain JavaScript', () => {
  it('is an error', async () => {
    const backend = await backendWith(degrade, false, []);
    await expect(runTwice(backend)).rejects.toThrow('gpu.js runs a program in mode "cpu" in place of "webasm": the weather');
    await expect(runTwice(backend)).rejects.toMatchObject({ code: 'backend.unsupported' });
    await backend.dispose();
  });

  it('is a warning, once a program, where the mode was left to the backend', async () => {
    const warnings: Warning[] = [];
    const backend = await backendWith(degrade, true, warnings);
    expect(await runTwice(backend)).toEqual([3, 6]);
    expect(warnings).toEqual([{ code: 'gpujs.fallback', message: expect.stringContaining('the weather') as unknown }]);
    await backend.dispose();
  });
});

it('an error of a pipeline names what it begins with', async () => {
  const refuse = (pipeline: GpuPipelineFunction): GpuPipelineFunction =>
    Object.assign(() => Promise.reject(new Error('refused')), { ...pipeline, destroy: () => pipeline.destroy() });
  const backend = await backendWith(refuse, false, []);
  // The first instruction has nothing to compute.
  const program = trace({ empty: { shape: [0], dtype: 'f32' }, x: { shape: [2], dtype: 'f32' } }, ({ empty, x }) => ({
    none: empty.mul(2),
    total: x.sum(),
  }));
  const executable = await backend.compile(program);
  const run = executable.run(await backend.createStore({}), { empty: full([0], 1), x: ndarray([1, 2]) });
  await expect(run.done).rejects.toThrow('reduce failed on backend "gpujs:webasm": Error: refused');
  await backend.dispose();
});
