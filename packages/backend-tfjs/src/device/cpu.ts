// The device "cpu": JavaScript, with a memory of its own.
import { HostRuntime } from '../host/hostRuntime.ts';
import type { CpuBackend, VendorCpu } from '../vendor/contract.ts';
import { loadVendor } from '../vendor/load.ts';

const isCpu = (module: unknown): module is VendorCpu => typeof (module as Partial<VendorCpu>).MathBackendCPU === 'function';

/** @throws BackendError `backend.unavailable` */
export async function cpuRuntime(): Promise<HostRuntime<CpuBackend>> {
  const { core, device } = await loadVendor('cpu', isCpu);
  const backend = new device.MathBackendCPU();
  backend.firstUse = false;
  const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;
  return new HostRuntime({
    name: 'cpu',
    core,
    backend,
    allocate: (shape, dtype) => {
      const length = shape.reduce((product, extent) => product * extent, 1);
      return { dataId: backend.write(new arrays[dtype](length), shape, dtype), shape, dtype };
    },
    values: ({ dataId }) => backend.data.get(dataId).values,
  });
}
