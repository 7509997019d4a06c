// Devices for the tests of the executor: small, countable, and one that works late, as a GPU does.
import type { TypedArray } from '../../array/dtype.ts';
import { evaluator } from '../../scalar/index.ts';
import type { Capabilities } from '../contract.ts';
import type { Device, Kernel, KernelTable } from '../device.ts';
import { hostDevice } from '../hostDevice.ts';

export const capabilities: Capabilities = { precision: 'f64', strictFloat: true, subnormals: true, exactIntegers: true, threads: 1 };

/** A host device that counts the buffers it gave out and got back. */
export function countingDevice(
  options: { memoryLimit?: number } = {},
): Device<TypedArray> & { readonly counts: { allocated: number; freed: number; written: number; bytes: number } } {
  const host = hostDevice({ f32: Float64Array, ...options });
  const counts = { allocated: 0, freed: 0, written: 0, bytes: 0 };
  return {
    ...host,
    counts,
    allocate(dtype, length) {
      const buffer = host.allocate(dtype, length);
      counts.allocated++;
      counts.bytes += buffer.byteLength;
      return buffer;
    },
    write(buffer, array) {
      counts.written++;
      host.write(buffer, array);
    },
    free(buffer) {
      counts.freed++;
      counts.bytes -= buffer.byteLength;
    },
  };
}

const unused: Kernel<TypedArray, object> = () => {
  throw new Error('The tests of the executor do not use this kernel.');
};

/** Maps of scalars and of arrays of one shape, and sums over everything; what the executor does needs no more. */
export const toyKernels: KernelTable<TypedArray> = {
  map: ({ attrs: { expression } }) => {
    const compute = evaluator(expression);
    return (inputs, [output]) => {
      for (let index = 0; index < output!.length; index++)
        output![index] = compute(inputs.map((input) => input[input.length === 1 ? 0 : index]!));
    };
  },
  reduce: () => {
    return ([x], [output]) => {
      let sum = 0;
      for (const value of x!) sum += value;
      output![0] = sum;
    };
  },
  matmul: unused,
  transpose: unused,
  slice: unused,
  concat: unused,
  pad: unused,
  gather: unused,
  scatterAdd: unused,
  iota: unused,
  uniform: unused,
};

/** A device whose work is only noted, and done when `release` is called. */
export interface LateDevice extends Device<TypedArray> {
  readonly kernels: KernelTable<TypedArray>;
  /** Runs whose work was noted and not yet released. */
  readonly unfinished: number;
  /** Does all noted work. */
  release(): void;
}

export function lateDevice(): LateDevice {
  const host = hostDevice({ f32: Float64Array });
  let work: (() => void)[] = [];
  let unfinished = 0;
  const note = (task: () => void): void => void work.push(task);
  const later = <T>(task: () => T): Promise<T> => new Promise((resolve) => note(() => resolve(task())));
  return {
    ...host,
    write(buffer, array) {
      const copy = array.clone();
      note(() => host.write(buffer, copy));
    },
    copy: (from, to) => note(() => host.copy(from, to)),
    read: async (buffer, spec) => later(() => host.read(buffer, spec)),
    finish() {
      unfinished++;
      return later(() => void unfinished--);
    },
    kernels: {
      ...toyKernels,
      map: (call) => {
        const run = toyKernels.map(call);
        return (inputs, outputs) => {
          const [from, to] = [[...inputs], [...outputs]];
          note(() => run(from, to));
        };
      },
    },
    get unfinished() {
      return unfinished;
    },
    release() {
      const noted = work;
      work = [];
      for (const task of noted) task();
    },
  };
}
