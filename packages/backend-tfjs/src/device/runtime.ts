// One device of TensorFlow.js: its memory and its kernels, called directly. Nothing here asks which backend is current.
import type { DType, Shape, TypedArray } from '@nn/core';
import { BackendError } from '@nn/core';
import type {
  DataId,
  DeviceName,
  KernelAttributes,
  KernelConfig,
  TensorInfo,
  VendorBackend,
  VendorCore,
  VendorDType,
} from '../vendor/contract.ts';

/** How elements are held: bytes that stand for numbers have no type of their own there. */
export const vendorDType = { f32: 'float32', i32: 'int32', u8: 'float32', bool: 'bool' } as const satisfies Record<DType, VendorDType>;

/** What a kernel works with: the device, and everything made on it since the kernel began. */
export interface Scope {
  /** Calls a kernel of TensorFlow.js by its name. */
  run(kernel: string, inputs: Readonly<Record<string, TensorInfo>>, attrs?: KernelAttributes): TensorInfo;
  /** Takes over what was made on the device by other means. */
  own(info: TensorInfo): TensorInfo;
  /** Elements from the host. */
  upload(values: TypedArray, shape: Shape, dtype: VendorDType): TensorInfo;
}

/** What differs between devices. */
export interface RuntimeParts<B extends VendorBackend> {
  readonly name: DeviceName;
  readonly core: VendorCore;
  readonly backend: B;
  /** The elements: a copy, or a view that is read before anything else happens; a promise where the device works beside JavaScript. */
  readonly read: (info: TensorInfo) => TypedArray | Promise<TypedArray>;
  /** Says why the device is gone, as soon as that is known. */
  readonly lost?: () => string | undefined;
  /** Gives back what is not the device's alone. */
  readonly release?: () => void;
}

/** A device, its kernels looked up once. */
export class Runtime<B extends VendorBackend = VendorBackend> {
  readonly name: DeviceName;
  readonly backend: B;
  readonly read: (info: TensorInfo) => TypedArray | Promise<TypedArray>;
  readonly core: VendorCore;
  readonly #kernels = new Map<string, KernelConfig>();
  readonly #lost: () => string | undefined;
  readonly #release: () => void;

  constructor({ name, core, backend, read, lost = () => undefined, release = () => backend.dispose() }: RuntimeParts<B>) {
    this.name = name;
    this.backend = backend;
    this.read = read;
    this.core = core;
    this.#lost = lost;
    this.#release = release;
  }

  /** @throws BackendError `backend.lost` once the device is gone */
  expectPresent(): void {
    const reason = this.#lost();
    if (reason !== undefined) throw this.lostError(reason);
  }

  /** Why the device is gone, when it is. */
  get lostReason(): string | undefined {
    return this.#lost();
  }

  lostError(reason: string, cause?: unknown): BackendError {
    const message = `The device of backend "tfjs:${this.name}" is lost: ${reason} What it held is gone; make a new backend and move there from values on the host.`;
    return new BackendError(message, 'backend.lost', cause === undefined ? undefined : { cause });
  }

  /**
   * Calls `compute`, which returns what it made or was given, and frees everything else that it made.
   * @returns handles with one reference each, the caller's
   */
  compute(compute: (scope: Scope) => readonly (TensorInfo | null)[]): (DataId | null)[] {
    const made: DataId[] = [];
    const own = (info: TensorInfo): TensorInfo => {
      made.push(info.dataId);
      return info;
    };
    const scope: Scope = {
      own,
      run: (kernel, inputs, attrs = {}) => {
        const result = this.#kernel(kernel).kernelFunc({ inputs, backend: this.backend, attrs });
        if (!Array.isArray(result)) return own(result);
        for (const info of result) own(info);
        return result[0]!;
      },
      upload: (values, shape, dtype) => own({ dataId: this.backend.write(values, [...shape], dtype), shape: [...shape], dtype }),
    };
    try {
      return compute(scope).map((info) => {
        if (info === null) return null;
        const dataId = this.settled(info, scope);
        this.backend.incRef(dataId);
        return dataId;
      });
    } finally {
      for (const dataId of made) this.backend.disposeData(dataId);
    }
  }

  dispose(): void {
    this.#release();
  }

  /** The elements in the form in which they are kept. */
  protected settled(info: TensorInfo, _scope: Scope): DataId {
    return info.dataId;
  }

  #kernel(name: string): KernelConfig {
    const known = this.#kernels.get(name);
    if (known !== undefined) return known;
    const kernel = this.core.getKernel(name, this.name);
    if (kernel === undefined) {
      throw new BackendError(`TensorFlow.js has no kernel ${name} for its device "${this.name}".`, 'backend.unsupported');
    }
    this.#kernels.set(name, kernel);
    return kernel;
  }
}
