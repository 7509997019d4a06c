// The device "wasm". The kernels of TensorFlow.js for it belong to one instance of the module, the one that was set up last, so all users
// in a process share that of its engine: an application's, where it has one, or one made here that the application finds later.
import { HostRuntime } from '../host/hostRuntime.ts';
import type { VendorCore, VendorEngine, VendorWasm, WasmBackend } from '../vendor/contract.ts';
import { loadVendor } from '../vendor/load.ts';

const isWasm = (module: unknown): module is VendorWasm => typeof (module as Partial<VendorWasm>).getThreadsCount === 'function';

/** @throws BackendError `backend.unavailable` */
export async function wasmRuntime(): Promise<{ readonly runtime: HostRuntime<WasmBackend>; readonly threads: number }> {
  const { core, device } = await loadVendor('wasm', isWasm);
  const backend = await sharedBackend(core);
  const runtime = new HostRuntime({
    name: 'wasm',
    core,
    backend,
    allocate: (shape, dtype) => backend.makeOutput(shape, dtype),
    values: (info) => backend.typedArrayFromHeap(info),
    lost: () =>
      core.engine().registry['wasm'] === backend ? undefined : 'the application has removed or replaced TensorFlow.js\'s backend "wasm".',
    release: () => undefined,
  });
  return { runtime, threads: device.getThreadsCount() };
}

async function sharedBackend(core: VendorCore): Promise<WasmBackend> {
  const engine = core.engine();
  giveExisting(engine);
  const existing = async (): Promise<WasmBackend | undefined> => {
    if (engine.backendName === 'wasm') await engine.pendingBackendInit;
    return engine.registry['wasm'] as WasmBackend | undefined;
  };
  const before = await existing();
  if (before !== undefined) return before;
  const made = await newBackend(core);
  // The application may have begun to make its own meanwhile.
  const meanwhile = await existing();
  if (meanwhile !== undefined) {
    made.dispose();
    return meanwhile;
  }
  engine.registry['wasm'] = made;
  for (const { setupFunc } of core.getKernelsForBackend('wasm')) setupFunc?.(made);
  return made;
}

/**
 * A backend with one thread. TensorFlow.js starts its threads from the text of a function, which refers to names outside of it that a
 * bundler changes; they fail then, and it waits for them forever. An application that has made a backend with threads shares that.
 */
async function newBackend(core: VendorCore): Promise<WasmBackend> {
  const flag = 'WASM_HAS_MULTITHREAD_SUPPORT';
  const environment = core.env();
  const found = await environment.getAsync(flag);
  environment.set(flag, false);
  // It is looked at before the first wait.
  const made = core.findBackendFactory('wasm')!();
  environment.set(flag, found);
  return (await made) as WasmBackend;
}

const giving = new WeakSet<object>();

/** `tf.ready()` makes a backend even where there is one, which would take the kernels away from that: from now on it gets the one there is. */
function giveExisting({ registry, registryFactory }: VendorEngine): void {
  const entry = registryFactory['wasm']!;
  if (giving.has(entry)) return;
  giving.add(entry);
  const { factory } = entry;
  entry.factory = () => registry['wasm'] ?? factory();
}
