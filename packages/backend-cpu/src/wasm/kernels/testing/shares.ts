// Kernels without threads around them: the share of every thread is called in turn on one instance. Both variants of the module.
import { NdArray, sizeOf } from '@nn/core';
import type { TensorSpec, TypedArray } from '@nn/core';
import { expect } from 'vitest';
import { plainModule, relaxedModule } from '../../../generated/kernels.ts';
import type { WasmStep } from '../../command.ts';
import { setExperimentalFlags } from '../../engineFlags.ts';
import { scratchBytes, scratchStart } from '../../layout.ts';

const maxThreads = 4;
const heapStart = scratchStart + maxThreads * scratchBytes;
/** What stands behind every array and must stay there. */
const guard = 64;

setExperimentalFlags();

/** One variant of the kernels. Relaxed SIMD is missing where the engine does not have it. */
export class KernelShares {
  readonly #memory = new WebAssembly.Memory({ initial: 1024, maximum: 65536, shared: true });
  readonly #kernels: WebAssembly.Exports;

  constructor(base64: string) {
    const table = new WebAssembly.Table({ initial: 1, element: 'anyfunc' });
    this.#kernels = new WebAssembly.Instance(new WebAssembly.Module(bytesOf(base64)), { env: { memory: this.#memory, table } }).exports;
  }

  /** The f32 results of a step; nothing but them is written. All elements of an output are NaN before. */
  run(step: WasmStep, inputs: readonly NdArray[], outputs: readonly TensorSpec[], threads: number): NdArray[] {
    let end = heapStart;
    const place = (spec: TensorSpec): number => {
      const pointer = end;
      end = pointer + Math.ceil((4 * sizeOf(spec.shape) + guard) / 64) * 64;
      return pointer;
    };
    const pointers = { inputs: inputs.map(place), outputs: outputs.map(place), workspace: 0 };
    const floats = new Float32Array(this.#memory.buffer);
    floats.fill(Number.NaN, heapStart / 4, end / 4);
    inputs.forEach(({ data }, index) => floats.set(data, pointers.inputs[index]! / 4));
    for (const { kernel, words } of step.commands) {
      new Int32Array(this.#memory.buffer, end).set(words(pointers));
      const run = this.#kernels[kernel as string] as (args: number, thread: number, threads: number) => void;
      for (let thread = 0; thread < threads; thread++) run(end, thread, threads);
    }
    inputs.forEach(({ data, shape }, index) => {
      const from = pointers.inputs[index]! / 4;
      if (!sameValues(floats.subarray(from, from + sizeOf(shape)), data)) expect.fail(`input ${index} was changed`);
    });
    return outputs.map(({ shape, dtype }, index) => {
      const from = pointers.outputs[index]! / 4;
      const to = from + sizeOf(shape);
      expect(floats.subarray(to, to + guard / 4).every((value) => Number.isNaN(value))).toBe(true);
      return new NdArray(floats.slice(from, to), shape, dtype);
    });
  }

  /** The results, which are the same bits for any number of threads. */
  runOnAll(step: WasmStep, inputs: readonly NdArray[], outputs: readonly TensorSpec[]): NdArray[] {
    const results = this.run(step, inputs, outputs, 1);
    for (let threads = 2; threads <= maxThreads; threads++) {
      this.run(step, inputs, outputs, threads).forEach(({ data }, index) => {
        if (!sameValues(data, results[index]!.data)) {
          expect.fail(`output ${index} of ${results[index]!.shape.join('×')} differs on ${threads} threads`);
        }
      });
    }
    return results;
  }
}

/** The variants that this engine runs. */
export const variants: readonly (readonly [name: string, shares: KernelShares])[] = [
  ['plain', plainModule] as const,
  ['relaxed', relaxedModule] as const,
].flatMap(([name, base64]) => (WebAssembly.validate(bytesOf(base64)) ? [[name, new KernelShares(base64)] as const] : []));

function sameValues(left: TypedArray, right: TypedArray): boolean {
  return left.every((value, index) => Object.is(value, right[index]));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
