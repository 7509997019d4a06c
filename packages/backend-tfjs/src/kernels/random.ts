// `uniform`: the core's numbers, made on the host: the same bits on every device.
import type { Kernel, UniformAttrs } from '@nn/core';
import { BackendError, fillUniform, sizeOf, streamKey } from '@nn/core';
import type { Cell } from '../device/cell.ts';
import type { Runtime } from '../device/runtime.ts';

export function uniformKernel(runtime: Runtime): Kernel<Cell, UniformAttrs> {
  return ({ attrs: { shape, path, call } }) => {
    const size = sizeOf(shape);
    if (size === 0) return () => undefined;
    return ([seed, step], [output]) => {
      const numbers = new Float32Array(size);
      fillUniform(streamKey(onHost(runtime, seed!, 'seed'), path, call, onHost(runtime, step!, 'step')), numbers);
      output!.take(runtime.backend.write(numbers, [...shape], 'float32'));
    };
  };
}

/** A scalar as an unsigned integer, which the host must know. */
function onHost(runtime: Runtime, cell: Cell, what: string): number {
  const values = cell.host ?? runtime.read(cell.tensor([]));
  if (values instanceof Promise) {
    throw new BackendError(
      `uniform: the ${what} was computed on the device, whose results come later than they are needed here.`,
      'backend.unsupported',
    );
  }
  return values[0]! >>> 0;
}
