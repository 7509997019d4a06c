// Kernels without threads around them: the share of every thread is called in turn on one instance. Both variants of the module.
import { NdArray, sizeOf } from '@nn/core';
import type { TensorSpec, TypedArray } from '@nn/core';
import { expect } from 'vitest';
import type { WasmStep } from '../../command.ts';
import { setExperimentalFlags } from '../../engineFlags.ts';
import { kernelImports } from '../../kernelInstance.ts';
import { plainKernels, relaxedKernels } from '../../kernelModule.ts';
import { scratchBytes, scratchStart } from '../../layout.ts';

const maxThreads = 4;
const heapStart = scratchStart + maxThreads * scratchBytes;
/** What stands behind every array and must stay there. */
const guard = 64;
const argumentBytes = 65536;
/** The bits of a NaN that no arithmetic makes. */
const untouched = 0x7fc0beef;

setExperimentalFlags();

/** One variant of the kernels. Relaxed SIMD is missing where the engine does not have it. */
export class KernelShares {
  readonly #memory = new WebAssembly.Memory({ initial: 1024, maximum: 65536, shared: true });
  readonly #kernels: WebAssembly.Exports;

  constructor(module: Uint8Array<ArrayBuffer>) {
    const table = new WebAssembly.Table({ initial: 1, element: 'anyfunc' });
    this.#kernels = new WebAssembly.Instance(new WebAssembly.Module(module), kernelImports(this.#memory, table)).exports;
  }

  /** The f32 results of a step. Nothing else is written, and each element by one thread in one command. */
  run(step: WasmStep, inputs: readonly NdArray[], outputs: readonly TensorSpec[], threads: number): NdArray[] {
    let end = heapStart;
    const place = (spec: TensorSpec): number => {
      const pointer = end;
      end = pointer + Math.ceil((4 * sizeOf(spec.shape) + guard) / 64) * 64;
      return pointer;
    };
    const [placedInputs, placedOutputs, args] = [inputs.map(place), outputs.map(place), end];
    // Where nothing is cleared: commands find there what those before have left.
    const workspace = args + argumentBytes;
    const pointers = { inputs: placedInputs, outputs: placedOutputs, workspace: step.workspace === undefined ? 0 : workspace };
    const words = new Int32Array(this.#memory.buffer);
    const results = outputs.map(({ shape }) => new Int32Array(sizeOf(shape)).fill(untouched));
    for (const { kernel, words: argumentsFor } of step.commands) {
      const run = this.#kernels[kernel as string] as (args: number, thread: number, threads: number) => void;
      for (let thread = 0; thread < threads; thread++) {
        words.fill(untouched, heapStart / 4, args / 4);
        inputs.forEach(({ data }, index) => new Float32Array(this.#memory.buffer, pointers.inputs[index]).set(data));
        words.set(argumentsFor(pointers), args / 4);
        run(args, thread, threads);
        inputs.forEach(({ data }, index) => {
          const found = new Float32Array(this.#memory.buffer, pointers.inputs[index], data.length);
          if (!sameValues(found, data)) expect.fail(`input ${index} was changed`);
        });
        results.forEach((result, index) => {
          const from = pointers.outputs[index]! / 4;
          const beyond = words.subarray(from + result.length, from + result.length + guard / 4);
          if (beyond.some((word) => word !== untouched)) expect.fail(`more than output ${index} was written`);
          for (let element = 0; element < result.length; element++) {
            const word = words[from + element]!;
            if (word === untouched) continue;
            if (result[element] !== untouched) expect.fail(`element ${element} of output ${index} was written twice`);
            result[element] = word;
          }
        });
      }
    }
    return results.map((result, index) => {
      if (result.includes(untouched)) expect.fail(`element ${result.indexOf(untouched)} of output ${index} was not written`);
      return new NdArray(new Float32Array(result.buffer), outputs[index]!.shape, 'f32');
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

const relaxed = await relaxedKernels();
const modules = { plain: await plainKernels(relaxed), relaxed };

/** The variants that this engine runs. */
export const variants: readonly (readonly [name: string, shares: KernelShares])[] = Object.entries(modules)
  .filter(([, module]) => WebAssembly.validate(module))
  .map(([name, module]) => [name, new KernelShares(module)]);

function sameValues(left: TypedArray, right: TypedArray): boolean {
  return left.every((value, index) => Object.is(value, right[index]));
}
