// A device of TensorFlow.js as the contract of backends has it.
import { NdArray } from '@nn/core';
import type { Device, DType, TypedArray } from '@nn/core';
import { Cell, hostLength } from './cell.ts';
import type { Runtime } from './runtime.ts';
import { vendorDType } from './runtime.ts';

export interface TfjsDeviceOptions {
  /** Bytes that programs and stores may hold together. */
  readonly memoryLimit: number;
  /** See `Device.pause`. */
  readonly pause?: () => Promise<void> | undefined;
  /** Resolves when the device has done everything asked so far. Left out where kernels are done when they return. */
  readonly finish?: () => Promise<void>;
}

/** Bytes of one element. Where bool takes less, the number is an upper bound. */
const bytesPerElement = 4;

/** The typed array in which the elements of a dtype travel to TensorFlow.js, which keeps it: always a copy. */
function copyForVendor(dtype: DType, data: TypedArray): TypedArray {
  if (dtype === 'i32') return Int32Array.from(data);
  return dtype === 'bool' ? Uint8Array.from(data) : Float32Array.from(data);
}

/** The elements as `NdArray` has them: always a copy. */
function copyForHost(dtype: DType, data: TypedArray): TypedArray {
  if (dtype === 'f32') return Float32Array.from(data);
  return dtype === 'i32' ? Int32Array.from(data) : Uint8Array.from(data);
}

/** Cells on `runtime`. A lost device is noticed at the next call, before anything takes effect. */
export function tfjsDevice(runtime: Runtime, { memoryLimit, pause, finish }: TfjsDeviceOptions): Device<Cell> {
  const { backend } = runtime;
  const cells = new Set<Cell>();
  let reserved = 0;
  const write = (cell: Cell, data: TypedArray): void => {
    const values = copyForVendor(cell.dtype, data);
    cell.take(backend.write(values, [cell.length], vendorDType[cell.dtype]), cell.length <= hostLength ? values.slice() : undefined);
  };

  return {
    memoryLimit,
    bytesPerElement: () => bytesPerElement,
    allocate(dtype, length) {
      runtime.expectPresent();
      const bytes = length * bytesPerElement;
      if (reserved + bytes > memoryLimit)
        throw new RangeError(`${reserved} bytes are held, and ${bytes} more pass its limit of ${memoryLimit}`);
      reserved += bytes;
      const cell = new Cell(backend, dtype, length);
      cells.add(cell);
      return cell;
    },
    write(cell, array) {
      runtime.expectPresent();
      write(cell, array.data);
    },
    read(cell, { shape, dtype }) {
      runtime.expectPresent();
      if (cell.length === 0) return new NdArray(copyForHost(dtype, new Float32Array(0)), shape, dtype);
      if (cell.host !== undefined) return new NdArray(copyForHost(dtype, cell.host), shape, dtype);
      const elements = runtime.read(cell.tensor(shape));
      const array = (data: TypedArray): NdArray => new NdArray(copyForHost(dtype, data), shape, dtype);
      return elements instanceof Promise ? elements.then(array) : array(elements);
    },
    copy(from, to) {
      runtime.expectPresent();
      to.share(from);
    },
    free(cell) {
      if (!cells.delete(cell)) return;
      reserved -= cell.length * bytesPerElement;
      cell.free();
    },
    ...(pause === undefined ? {} : { pause }),
    ...(finish === undefined ? {} : { finish }),
    dispose() {
      for (const cell of cells) cell.free();
      cells.clear();
      runtime.dispose();
    },
  };
}
