// How values are moved and kernels called in a mode. There are two ways: values are arrays of JavaScript, or handles of a device.
import type { KernelSource } from '../source/stage.ts';
import type { GpuKernelFunction } from './gpu.ts';

export interface Runner<V> {
  /** Whether results of kernels stay on a device: kernels are then made for that. */
  readonly keepsResults: boolean;
  upload(values: Float32Array<ArrayBuffer>): V | Promise<V>;
  /** Begins to compile a kernel that will be called, where others can be compiled meanwhile. */
  prepare?(kernel: GpuKernelFunction, source: KernelSource): void;
  /** @param length of the result */
  call(kernel: GpuKernelFunction, operands: readonly (V | number)[], length: number): V | Promise<V>;
  /** The elements of a value; the caller may keep them. */
  read(value: V, length: number): Float32Array<ArrayBuffer> | Promise<Float32Array<ArrayBuffer>>;
  free(value: V): void;
  /** Ends a kernel. Values that it made stay. */
  destroy(kernel: GpuKernelFunction): void;
  /** Asked between kernels: a promise lets other work of the thread go first. */
  pause?(): Promise<void> | undefined;
  /** Resolves when the device has done what it was asked for, kernels that it builds included; left out where it always has. */
  finish?(): Promise<void>;
  /** The result of `work`, or an error that the device reported before it was there; left out where errors are thrown at once. */
  during?<T>(work: Promise<T>): Promise<T>;
  /** @throws BackendError `backend.lost` when the device is gone */
  expectPresent(): void;
  dispose(): void;
}
