// Devices that run shaders: kernels of our own are programs for one element of their output.
import { sizeOf } from '@nn/core';
import { Runtime } from '../device/runtime.ts';
import type { RuntimeParts, Scope } from '../device/runtime.ts';
import type { TensorInfo, VendorBackend } from '../vendor/contract.ts';
import type { ShaderCall } from './program.ts';

export abstract class ShaderRuntime<B extends VendorBackend = VendorBackend> extends Runtime<B> {
  /** Inputs that one program may have. */
  readonly maxInputs: number;

  constructor(parts: RuntimeParts<B>, maxInputs: number) {
    super(parts);
    this.maxInputs = maxInputs;
  }

  /** Runs a program, which sees all arrays flat. */
  shade(scope: Scope, call: ShaderCall, inputs: readonly TensorInfo[]): TensorInfo {
    const flat = inputs.map((input) => ({ ...input, shape: [sizeOf(input.shape)] }));
    const made = this.dispatch(call, sizeOf(call.shape), flat);
    return scope.own({ ...made, shape: [...call.shape] });
  }

  /** @param length of the output */
  protected abstract dispatch(call: ShaderCall, length: number, inputs: readonly TensorInfo[]): TensorInfo;
}
