// `gather`, `scatterAdd` and `iota` as loops.
import type { GatherAttrs, IotaAttrs, ScatterAddAttrs, Shape } from '@nn/core';
import { sizeOf } from '@nn/core';
import { vendorDType } from '../device/runtime.ts';
import type { Prepare } from '../kernels/kernel.ts';
import type { HostRuntime } from './hostRuntime.ts';

/** An array seen as [outer, extent, inner] around one axis. */
function around(shape: Shape, axis: number): { outer: number; extent: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), extent: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) };
}

export function hostGather(runtime: HostRuntime): Prepare<GatherAttrs> {
  return ({ attrs: { axis }, inputs: [input], outputs: [output] }) => {
    const { outer, extent, inner } = around(input!.shape, axis);
    const { shape, dtype } = output!;
    const missing = dtype === 'f32' ? Number.NaN : 0;
    return (scope, [x, indices]) => {
      const result = scope.own(runtime.allocate(shape, vendorDType[dtype]));
      const [target, picked] = [runtime.values(result), runtime.values(indices!)];
      const source = runtime.values(x!);
      let write = 0;
      for (let o = 0; o < outer; o++) {
        for (let n = 0; n < picked.length; n++, write += inner) {
          const index = picked[n]!;
          if (index >= 0 && index < extent) {
            const read = (o * extent + index) * inner;
            target.set(source.subarray(read, read + inner), write);
          } else {
            target.fill(missing, write, write + inner);
          }
        }
      }
      return [result];
    };
  };
}

export function hostScatterAdd(runtime: HostRuntime): Prepare<ScatterAddAttrs> {
  return ({ attrs: { axis, extent }, inputs: [updates], outputs: [output] }) => {
    const { outer, inner } = around(updates!.shape, axis);
    const { shape, dtype } = output!;
    return (scope, [values, indices]) => {
      const result = scope.own(runtime.allocate(shape, vendorDType[dtype]));
      const totals = new Float64Array(sizeOf(shape));
      const [source, picked] = [runtime.values(values!), runtime.values(indices!)];
      let read = 0;
      for (let o = 0; o < outer; o++) {
        for (let n = 0; n < picked.length; n++, read += inner) {
          const index = picked[n]!;
          if (index < 0 || index >= extent) continue;
          const write = (o * extent + index) * inner;
          for (let i = 0; i < inner; i++) totals[write + i]! += source[read + i]!;
        }
      }
      runtime.values(result).set(totals);
      return [result];
    };
  };
}

export function hostIota(runtime: HostRuntime): Prepare<IotaAttrs> {
  return ({ attrs: { shape, axis } }) => {
    const { extent, inner } = around(shape, axis);
    return (scope) => {
      const result = scope.own(runtime.allocate(shape, 'int32'));
      const target = runtime.values(result);
      for (let index = 0; index < target.length; index++) target[index] = Math.floor(index / inner) % extent;
      return [result];
    };
  };
}
