// `map` over the memory of the device.
import type { MapAttrs } from '@nn/core';
import { vendorDType } from '../device/runtime.ts';
import type { Prepare } from '../kernels/kernel.ts';
import { mapLoops } from '../loops/map.ts';
import type { HostRuntime } from './hostRuntime.ts';

export function hostMap(runtime: HostRuntime): Prepare<MapAttrs> {
  return (call) => {
    const { shape, dtype } = call.outputs[0]!;
    const compute = mapLoops(call);
    return (scope, tensors) => {
      const result = scope.own(runtime.allocate(shape, vendorDType[dtype]));
      compute(
        tensors.map((tensor) => runtime.values(tensor)),
        runtime.values(result),
      );
      return [result];
    };
  };
}
