// A program that fails on its way.
import { BackendError } from '@nn/core';
import type { Instr, Step } from '@nn/core';
import { expect, it } from 'vitest';
import { modes } from '../modes.ts';
import { gridOf } from '../source/grid.ts';
import { kernelSource, singleKernel } from '../source/stage.ts';
import type { GpuStep } from '../source/stage.ts';
import type { Cell } from './cell.ts';
import type { Gpu } from './gpu.ts';
import { KernelCache } from './kernelCache.ts';
import { KernelSequence } from './kernelSequence.ts';
import type { Runner } from './runner.ts';
import { Values } from './values.ts';

const { target } = modes.webgpu;
const zeros = kernelSource(target, gridOf([3], target.grid), 0, { statements: [], result: '0' });

/** Calls succeed as often as there are `results`. */
function sequenceOf(step: GpuStep, results: string[]): { readonly sequence: KernelSequence<string>; readonly log: string[] } {
  const log: string[] = [];
  const runner: Runner<string> = {
    keepsResults: true,
    upload: () => 'uploaded',
    prepare: () => log.push('prepare'),
    call: () => (results.length > 0 ? results.shift()! : Promise.reject(new Error('refused'))),
    read: () => new Float32Array(3),
    free: (value) => log.push(`free ${value}`),
    destroy: () => {},
    async finish() {
      await new Promise((resolve) => setTimeout(resolve));
      log.push('finish');
      throw new BackendError('what the device has to say of it', 'backend.failed');
    },
    expectPresent: () => {},
    dispose: () => {},
  };
  const createKernel = () =>
    Object.assign(() => {}, { kernel: { constructor: {}, build: () => {} }, setOutput: () => {}, destroy: () => {} });
  const gpu: Gpu = { context: null, createKernel, createPipeline: () => expect.fail(), destroy: async () => {} };
  const kernels = new KernelCache({ gpu, mode: 'webgpu', runner, argumentType: 'Array', mayFallBack: false });
  const cell: Cell<string> = { dtype: 'f32', length: 3, host: undefined, resident: undefined };
  const instr: Instr = { op: 'iota', path: '', in: [], out: [0], attrs: {} };
  const steps: Step<Cell<string>, GpuStep>[] = [{ instr, inputs: [], outputs: [cell], run: step }];
  return { sequence: new KernelSequence(steps, { name: 'gpujs:webgpu', runner, kernels, values: new Values(runner) }), log };
}

it('fails when the device has finished what was begun, with its own error', async () => {
  const { sequence, log } = sequenceOf(singleKernel(zeros, 0), []);
  await expect(sequence.run()).rejects.toThrow(/iota.* failed on backend "gpujs:webgpu": Error: refused/);
  expect(log).toEqual(['prepare', 'finish']);
});

it('fails without what earlier stages of an instruction made', async () => {
  const stage = { kind: 'kernel', source: zeros, operands: [] } as const;
  const { sequence, log } = sequenceOf({ stages: [stage, stage, stage] }, ['first', 'second']);
  await expect(sequence.run()).rejects.toThrow('refused');
  expect(log).toEqual(['prepare', 'free first', 'free second', 'finish']);
});
