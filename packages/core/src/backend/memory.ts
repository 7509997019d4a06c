// Allocation that refuses what cannot fit and says what is large.
import { specText } from '../array/dtype.ts';
import type { DType, TensorSpec } from '../array/dtype.ts';
import { sizeOf } from '../array/shape.ts';
import { BackendError } from '../errors/errors.ts';
import type { Device } from './device.ts';

/** Something that wants memory, with the name it has in messages. */
export interface Demand {
  readonly name: string;
  readonly spec: TensorSpec;
}

const named = 3;

/** What a device takes for an array. */
export function bytesOf<B>(device: Device<B>, spec: { readonly shape: readonly number[]; readonly dtype: DType }): number {
  const bytes = sizeOf(spec.shape) * device.bytesPerElement(spec.dtype);
  return device.blockBytes?.(bytes) ?? bytes;
}

/**
 * One buffer per demand; all of them or none.
 * @throws BackendError `backend.out-of-memory` naming the largest demands, before allocating when the limit tells
 */
export function allocateAll<B>(device: Device<B>, backend: string, demands: readonly Demand[]): B[] {
  const total = demands.reduce((sum, { spec }) => sum + bytesOf(device, spec), 0);
  if (device.memoryLimit !== undefined && total > device.memoryLimit) {
    throw outOfMemory(device, backend, demands, `its limit is ${bytesText(device.memoryLimit)}`);
  }
  const buffers: B[] = [];
  try {
    for (const { spec } of demands) buffers.push(device.allocate(spec.dtype, sizeOf(spec.shape)));
  } catch (error) {
    for (const buffer of buffers) device.free?.(buffer);
    if (!(error instanceof RangeError)) throw error;
    throw outOfMemory(device, backend, demands, 'allocation failed', error);
  }
  return buffers;
}

/** Calls `task`, which allocates. @throws BackendError `backend.out-of-memory` naming `what` in place of the engine's RangeError */
export function whileAllocating<T>(backend: string, what: string, task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw allocationFailure(backend, what, error);
  }
}

/** What to throw for an error that came while `what` was allocated. */
export function allocationFailure(backend: string, what: string, error: unknown): unknown {
  if (!(error instanceof RangeError)) return error;
  const message = `Backend "${backend}" has no memory left for ${what}: ${error.message}. Smaller batches need less.`;
  return new BackendError(message, 'backend.out-of-memory', { cause: error });
}

function outOfMemory<B>(device: Device<B>, backend: string, demands: readonly Demand[], reason: string, cause?: Error): BackendError {
  const total = demands.reduce((sum, { spec }) => sum + bytesOf(device, spec), 0);
  const largest = demands.toSorted((a, b) => bytesOf(device, b.spec) - bytesOf(device, a.spec)).slice(0, named);
  const list = largest.map(({ name, spec }) => `${name} ${specText(spec)} (${bytesText(bytesOf(device, spec))})`).join(', ');
  return new BackendError(
    `Backend "${backend}" cannot hold ${bytesText(total)}: ${reason}. Largest: ${list}. Smaller batches need less.`,
    'backend.out-of-memory',
    cause && { cause },
  );
}

function bytesText(bytes: number): string {
  const power = Math.floor(Math.log2(Math.max(1, bytes)) / 10);
  return `${Number((bytes / 1024 ** power).toPrecision(4))} ${power === 0 ? 'bytes' : `${'KMGTPE'[power - 1]}iB`}`;
}
