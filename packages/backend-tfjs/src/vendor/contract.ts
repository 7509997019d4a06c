// The part of TensorFlow.js that this package calls, as types of its own: its packages are optional, so nothing here may need their
// declarations to compile. Names are those of tfjs-core 4.22.
import type { OwnedForeignTensor, TypedArray } from '@nn/core';

/** The devices of TensorFlow.js. */
export type DeviceName = 'cpu' | 'wasm' | 'webgl' | 'webgpu';

export type VendorDType = 'float32' | 'int32' | 'bool';

/** A handle of elements on a device; it counts its references. */
export type DataId = object;

export interface TensorInfo {
  readonly dataId: DataId;
  readonly shape: number[];
  readonly dtype: VendorDType;
}

/** `KernelBackend`: memory of one device. */
export interface VendorBackend {
  /** Keeps `values`, or copies them; null leaves the elements undefined. The handle has one reference. */
  write(values: TypedArray | null, shape: number[], dtype: VendorDType): DataId;
  read(dataId: DataId): Promise<TypedArray>;
  incRef(dataId: DataId): void;
  /** Gives one reference back, and the memory with the last. */
  disposeData(dataId: DataId): boolean;
  numDataIds(): number;
  dispose(): void;
}

/** The attributes of a kernel, as its own code documents them. */
export type KernelAttributes = Readonly<Record<string, unknown>>;

export interface KernelConfig {
  readonly kernelName: string;
  readonly kernelFunc: (call: {
    readonly inputs: Readonly<Record<string, TensorInfo>>;
    readonly backend: VendorBackend;
    readonly attrs: KernelAttributes;
  }) => TensorInfo | TensorInfo[];
  readonly setupFunc?: (backend: VendorBackend) => void;
}

type BackendFactory = () => VendorBackend | Promise<VendorBackend>;

/** The state that all users of TensorFlow.js in a process share. */
export interface VendorEngine {
  readonly registry: Record<string, VendorBackend>;
  /** How backends are made, by name. */
  readonly registryFactory: Readonly<Record<string, { factory: BackendFactory }>>;
  /** The name that was set last. */
  readonly backendName: string | undefined;
  /** Set while a backend is being made. */
  readonly pendingBackendInit: Promise<boolean> | null | undefined;
}

/** What TensorFlow.js has found out about where it runs. */
export interface VendorEnvironment {
  /** Looks once. */
  getAsync(flag: string): Promise<boolean | number | string>;
  set(flag: string, value: boolean | number | string): void;
}

/** `@tensorflow/tfjs-core` */
export interface VendorCore {
  readonly version_core: string;
  engine(): VendorEngine;
  env(): VendorEnvironment;
  getKernel(kernelName: string, backendName: DeviceName): KernelConfig | undefined;
  getKernelsForBackend(backendName: DeviceName): KernelConfig[];
  findBackendFactory(name: DeviceName): BackendFactory | undefined;
  registerBackend(name: DeviceName, factory: BackendFactory, priority?: number): boolean;
  removeBackend(name: DeviceName): void;
  ready(): Promise<void>;
  tensor(values: TypedArray, shape: readonly number[], dtype: VendorDType): OwnedForeignTensor;
}

/** `@tensorflow/tfjs-backend-cpu` */
export interface VendorCpu {
  readonly MathBackendCPU: new () => CpuBackend;
}

export interface CpuBackend extends VendorBackend {
  /** While it is true, the next write prints an advertisement. */
  firstUse: boolean;
  readonly data: { get(dataId: DataId): { readonly values: TypedArray } };
}

/** What `@tensorflow/tfjs-backend-wasm` registers. */
export interface WasmBackend extends VendorBackend {
  makeOutput(shape: number[], dtype: VendorDType): TensorInfo;
  typedArrayFromHeap(info: TensorInfo): TypedArray;
}

/** `@tensorflow/tfjs-backend-wasm` */
export interface VendorWasm {
  getThreadsCount(): number;
}
