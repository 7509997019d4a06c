// How a kernel of the contract is written here: as a function from tensors to tensors, which the cells then take over.
import type { Kernel, KernelCall, KernelRun } from '@nn/core';
import { sizeOf } from '@nn/core';
import type { Cell } from '../device/cell.ts';
import type { Runtime, Scope } from '../device/runtime.ts';
import type { TensorInfo } from '../vendor/contract.ts';

/** Computes one instruction: a tensor per output, null or anything where nobody reads it. */
export type Compute = (scope: Scope, inputs: readonly TensorInfo[]) => readonly (TensorInfo | null)[];

/** Prepares one instruction for its shapes and attributes. */
export type Prepare<A> = (call: KernelCall<A>) => Compute;

/** A kernel that computes on the device. Outputs without elements cost nothing. */
export function deviceKernel<A>(runtime: Runtime, prepare: Prepare<A>): Kernel<Cell, A> {
  return (call) => {
    const read = call.outputs.map((output) => output !== null && sizeOf(output.shape) > 0);
    if (!read.includes(true)) return () => undefined;
    const compute = prepare(call);
    const shapes = call.inputs.map(({ shape }) => shape);
    return onPresentDevice(runtime, (inputs, outputs) => {
      const tensors = inputs.map((cell, index) => cell.tensor(shapes[index]!));
      const results = runtime.compute((scope) => {
        const computed = compute(scope, tensors);
        return read.map((wanted, index) => (wanted ? computed[index]! : null));
      });
      results.forEach((dataId, index) => {
        if (dataId !== null) outputs[index]!.take(dataId);
      });
    });
  };
}

/** The loss of a device is its own error, whatever the kernel that noticed it first said. */
export function onPresentDevice(runtime: Runtime, run: KernelRun<Cell>): KernelRun<Cell> {
  return (inputs, outputs) => {
    try {
      run(inputs, outputs);
    } catch (error) {
      const reason = runtime.lostReason;
      throw reason === undefined ? error : runtime.lostError(reason, error);
    }
  };
}
