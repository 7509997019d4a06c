// Commands on threads, for the tests of kernels: operands in, results out, without a program around them.
import { sizeOf } from '@nn/core';
import type { NdArray, TensorSpec } from '@nn/core';
import { vi } from 'vitest';
import { InlineEngine } from '../pool/inlineEngine.ts';
import { threadStarter } from '../pool/thread.ts';
import type { WasmBuffer, WasmStep } from '../wasm/command.ts';
import { WasmDevice } from '../wasm/device.ts';
import { compileKernelModule } from '../wasm/kernelModule.ts';
import { createMemory } from '../wasm/memory.ts';

const { module } = await compileKernelModule();

/** All threads take part in every run, whether they are in time or not. */
export const alwaysTogether = { join: () => true, note: () => {} } as const;

/** A device on `threads` threads, all of which have started. */
export async function startDevice(threads: number): Promise<{ readonly engine: InlineEngine; readonly device: WasmDevice }> {
  const engine = new InlineEngine(module, createMemory(), threads, threadStarter(), alwaysTogether);
  await vi.waitUntil(() => engine.ready, { interval: 1, timeout: 10_000 });
  return { engine, device: new WasmDevice(engine, { name: 'cpu' }) };
}

/** Runs one step with the given inputs; returns its outputs. */
export async function runStep(
  device: WasmDevice,
  step: WasmStep,
  inputs: readonly NdArray[],
  outputs: readonly TensorSpec[],
): Promise<NdArray[]> {
  const allocate = ({ shape, dtype }: TensorSpec): WasmBuffer => device.allocate(dtype, sizeOf(shape));
  const [read, written] = [inputs.map(allocate), outputs.map(allocate)];
  inputs.forEach((array, index) => device.write(read[index]!, array));
  const instr = { op: 'test', attrs: {}, in: [], out: [], path: '' };
  const sequence = device.sequence([{ instr, inputs: read, outputs: written, run: step }], { bindings: 1, results: new Set() });
  sequence.bind!(0);
  await sequence.run(0);
  const results: NdArray[] = [];
  for (const [index, buffer] of written.entries()) results.push(await device.read(buffer, outputs[index]!));
  sequence.dispose!();
  for (const buffer of [...read, ...written]) device.free(buffer);
  return results;
}
