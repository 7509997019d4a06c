// The factory of the backend: which kernels and how many threads this place allows.
import { checkNumber, ConfigError, resolveOptions, sequenceBackend } from '@nn/core';
import type { Backend } from '@nn/core';
import { isPage } from './host.ts';
import { startEngine } from './pool/startEngine.ts';
import { WasmDevice } from './wasm/device.ts';
import { setExperimentalFlags } from './wasm/engineFlags.ts';
import { compileKernelModule } from './wasm/kernelModule.ts';
import { wasmKernels } from './wasm/kernels/table.ts';
import { maxBytes } from './wasm/memory.ts';

export interface CpuOptions {
  /** Threads that share the work (default: one per core, up to four). Results do not depend on it. */
  readonly threads?: number;
  /** Bytes that stores and programs may hold together (default and limit: 4 GiB). */
  readonly memoryLimit?: number;
  /**
   * Sets flags of V8 that make the kernels faster and are not on by default (default false): relaxed SIMD in Node 20, joining vectors to
   * 256 bit from Node 24 on. They concern the whole process; `capabilities.notes` names them. Without effect in browsers.
   */
  readonly experimentalV8Flags?: boolean;
}

/**
 * A backend on WebAssembly SIMD and threads, for Node and browsers. The same program on the same inputs gives the same bits on any
 * number of threads.
 *
 * @throws ConfigError for an unknown option or one out of its range, BackendError `backend.unavailable` where the engine has no
 * WebAssembly with SIMD and atomic operations
 */
export async function cpuBackend(options: CpuOptions = {}): Promise<Backend> {
  const { threads, memoryLimit, experimentalV8Flags } = resolveOptions('cpuBackend', options, {
    threads: undefined as number | undefined,
    memoryLimit: maxBytes,
    experimentalV8Flags: false,
  });
  checkNumber('cpuBackend', 'memoryLimit', memoryLimit, { above: 0 });
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= maxThreads)) {
    throw new ConfigError(`cpuBackend: threads is ${String(threads)}, but an integer from 1 to ${maxThreads} is needed.`);
  }
  const flags = experimentalV8Flags ? setExperimentalFlags() : [];
  const { module, relaxed } = await compileKernelModule();
  const { engine, notes } = startEngine(module, threads);
  const capabilities = {
    precision: 'f32',
    strictFloat: true,
    subnormals: true,
    exactIntegers: true,
    threads: engine.threads,
    datasetBytes: Math.min(isPage() ? pageDatasetBytes : mostDatasetBytes, memoryLimit / 2),
    notes: [...notes, ...flags.map((flag) => `V8 runs with ${flag}`)],
  } as const;
  const kernels = wasmKernels({ relaxed, wideTiles: flags.includes(joinsVectors) });
  return sequenceBackend('cpu', capabilities, new WasmDevice(engine, { name: 'cpu', memoryLimit }), kernels);
}

const maxThreads = 64;
/** Beside such a data set there is room for parameters and batches. */
const mostDatasetBytes = 2 ** 30;
/** A page's thread copies it at once, and is free again after a few milliseconds. */
const pageDatasetBytes = 2 ** 24;
/** The flag under which V8 computes with pairs of vectors. */
const joinsVectors = '--experimental-wasm-revectorize';
