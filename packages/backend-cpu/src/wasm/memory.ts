// The memory of a backend, seen from JavaScript.
import type { DType, TypedArray } from '@nn/core';
import { nativeCopy } from '../host.ts';

const pageBytes = 65536;
const maxPages = 65536;

/** Pages that a memory grows by at least. Growing in larger pieces saves calls; the system gives pages when they are touched. */
const spare = 64;

/** Arrays of so many bytes are worth another way of copying. */
const worthCopying = 4096;

/** 4 GiB: what 32-bit addresses reach. */
export const maxBytes: number = pageBytes * maxPages;

/** Access to the memory from where programs are compiled. The worker that owns it, if one does, acts in the order of the calls. */
export interface MemoryAccess {
  /** Makes addresses below `end` usable. @throws RangeError when there is no such memory */
  reserve(end: number): void;
  /** Stores values, converted to `dtype`. The array may change as soon as this returns. */
  write(pointer: number, dtype: DType, values: TypedArray): void;
  /** A copy of what is there. */
  read(pointer: number, dtype: DType, length: number): TypedArray | Promise<TypedArray>;
  copy(from: number, to: number, bytes: number): void;
}

/** @throws RangeError when the engine has no address space for it */
export function createMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 2, maximum: maxPages, shared: true });
}

/** A memory that this thread can reach. */
export class LocalMemory implements MemoryAccess {
  readonly #memory: WebAssembly.Memory;
  readonly #copyBytes = nativeCopy();
  #buffer: ArrayBufferLike;
  #views!: Views;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#buffer = memory.buffer;
    this.#views = viewsOf(memory.buffer);
  }

  reserve(end: number): void {
    const missing = Math.ceil(end / pageBytes) - this.#memory.buffer.byteLength / pageBytes;
    if (missing <= 0) return;
    const available = maxPages - this.#memory.buffer.byteLength / pageBytes;
    if (missing > available) throw new RangeError('WebAssembly reaches 4 GiB');
    this.#memory.grow(Math.min(available, Math.max(missing, spare)));
  }

  write(pointer: number, dtype: DType, values: TypedArray): void {
    const { view, width } = this.#view(dtype);
    const isAsStored = values.constructor === view.constructor && values.byteLength >= worthCopying;
    if (isAsStored && this.#copyBytes !== undefined) this.#copyBytes(this.#views.u8.view, values, pointer);
    else view.set(values, pointer / width);
  }

  read(pointer: number, dtype: DType, length: number): TypedArray {
    const { view, width } = this.#view(dtype);
    return view.slice(pointer / width, pointer / width + length);
  }

  copy(from: number, to: number, bytes: number): void {
    this.#view('u8').view.copyWithin(to, from, from + bytes);
  }

  /** After a growth the old views end where the memory ended before. */
  #view(dtype: DType): View {
    if (this.#buffer !== this.#memory.buffer) {
      this.#buffer = this.#memory.buffer;
      this.#views = viewsOf(this.#buffer);
    }
    return this.#views[dtype];
  }
}

interface View<Values = Float32Array | Int32Array | Uint8Array> {
  readonly view: Values;
  readonly width: number;
}

interface Views extends Readonly<Record<DType, View>> {
  readonly u8: View<Uint8Array>;
}

/** A buffer as elements of a dtype. */
export function elementsOf(buffer: ArrayBuffer, dtype: DType): TypedArray {
  return viewsOf(buffer)[dtype].view;
}

function viewsOf(buffer: ArrayBufferLike): Views {
  const bytes = { view: new Uint8Array(buffer), width: 1 };
  return {
    f32: { view: new Float32Array(buffer), width: 4 },
    i32: { view: new Int32Array(buffer), width: 4 },
    u8: bytes,
    bool: bytes,
  };
}
